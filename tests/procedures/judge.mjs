// A form judged by the browser's module, outside a browser: a line of JSON in, a line of JSON out.
import { createInterface } from 'node:readline'
import { judge } from '../../frontend/js/answers/judging.js'

for await (const line of createInterface({ input: process.stdin })) {
  const { rules, typed, listed } = JSON.parse(line)
  const { mistakes, asked, computed } = judge(rules, new Map(Object.entries(typed)), () => listed)
  console.log(JSON.stringify({ mistakes, asked: [...asked], computed: Object.fromEntries(computed) }))
}
