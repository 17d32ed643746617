// A form judged by the browser's module, outside a browser: a line of JSON in, a line of JSON out.
import { createInterface } from 'node:readline'
import { validate } from '../../frontend/js/answers/validation.js'

for await (const line of createInterface({ input: process.stdin })) {
  const { rules, typed, listed } = JSON.parse(line)
  const { mistakes, asked, computed } = validate(rules, new Map(Object.entries(typed)), () => listed)
  console.log(JSON.stringify({ mistakes, asked: [...asked], computed: Object.fromEntries(computed) }))
}
