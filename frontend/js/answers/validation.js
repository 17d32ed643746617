// Which questions are asked and what is wrong with the answers, by the rules that the page carries
// (procedures/questionnaire/browser.py). It refuses what the server refuses, in the server's sentence.
import { compare } from './comparing.js'
import { compute } from './computing.js'
import { birthYear, day, email, identityNumber, partialDay, personalNumber, phone, taxNumber } from './formats.js'
import { read } from './reading.js'

const ROW = '{row}'

// `typed`: Map of texts by name; `listed(name)`: the values of a list to open, where a rule leaves them to the page.
// Returns mistakes [[field, sentence]] in reading order, the questions asked, and what was computed.
export function validate(rules, typed, listed = () => null) {
  const { values, places } = read(rules, typed)
  const { kept, asked, computed } = settle(rules, values)
  const mistakes = []
  for (const question of rules.questions) {
    if (!asked.has(question.id)) continue
    const context = { births: rules.births, today: rules.today, listed, rows: places.get(question.id) }
    mistakes.push(...wrong(question, kept.get(question.id), context))
  }
  const misfits = new Map(compare(rules, kept, new Set(mistakes.map(([field]) => field))))
  if (misfits.size) {
    const place = new Map(rules.questions.map((question, n) => [question.id, n]))
    mistakes.push(...misfits)
    // A stable sort: the mistakes of one question keep their order.
    mistakes.sort(([one], [two]) => place.get(one.split('-')[0]) - place.get(two.split('-')[0]))
  }
  return { mistakes, asked, computed }
}

function settle(rules, values) {
  const kept = new Map(rules.case ? [['case', rules.case]] : [])
  const asked = new Set()
  const computed = new Map()
  for (const question of rules.questions) {
    if (!(question.when ?? []).every((condition) => holds(condition, kept))) continue
    asked.add(question.id)
    const value = question.formula ? compute(question.formula, kept, rules.today) : values.get(question.id)
    if (value !== undefined && value !== null) kept.set(question.id, value)
    if (question.formula) computed.set(question.id, value)
  }
  return { kept, asked, computed }
}

function holds([field, op, value], kept) {
  if (!kept.has(field)) return false
  const answer = kept.get(field)
  if (op === 'contains') return (Array.isArray(answer) || typeof answer === 'string') && answer.includes(value)
  return (answer === value) === (op === 'is')
}

function* wrong(question, value, context) {
  const { id } = question
  if (value === undefined) {
    const first = question.columns ? `-0-${question.columns[0].id}` : question.parts ? `-${question.parts[0].id}` : ''
    if (question.needed) yield [id + first, question.needed]
  } else if (question.columns) {
    for (const [n, row] of value.entries()) yield* inside(question.columns, row, `${id}-${context.rows[n]}-`, context)
  } else if (question.parts) {
    const found = [...inside(question.parts, value, `${id}-`, context)]
    const first = `${id}-${question.parts[0].id}`
    if (question.either && !question.either[0].some((part) => value.has(part)) && !found.some(([at]) => at === first)) {
      yield [first, question.either[1]]
    }
    yield* found
  } else if (question.checks) {
    const sentence = fault(question.checks, value, context, id)
    if (sentence) yield [id, sentence]
  }
}

function* inside(fields, answers, head, context) {
  const row = /-([0-9]+)-$/.exec(head)
  for (const field of fields) {
    const value = answers.get(field.id)
    const name = head + field.id
    const sentence = value === undefined ? field.needed : fault(field.checks, value, context, name)
    if (sentence) yield [name, row ? sentence.replace(ROW, +row[1] + 1) : sentence]
  }
}

// The sentence of the first check that refuses; '' when none does.
export function fault(checks, value, context, name) {
  for (const [keyword, limit, sentence] of checks) {
    const refused = CHECKS[keyword](value, limit, context, name)
    if (refused) return typeof sentence === 'string' ? sentence : sentence[refused]
  }
  return ''
}

const isText = (value) => typeof value === 'string'
const isNumber = (value) => typeof value === 'number'
const length = (text) => [...text].length

// Each says true, or which of several things is wrong, when it refuses.
const CHECKS = {
  type: (value, limit) => (limit === 'boolean' ? typeof value !== 'boolean' : !isNumber(value)),
  format: (value, limit, context, name) => isText(value) && FORMATS[limit](value, context, name),
  minLength: (value, limit) => isText(value) && length(value) < limit,
  maxLength: (value, limit) => isText(value) && length(value) > limit,
  pattern: (value, limit) => isText(value) && !new RegExp(limit.replaceAll('\\d', '\\p{Nd}'), 'u').test(value),
  enum: (value, limit) => !limit.includes(value),
  minimum: (value, limit) => isNumber(value) && value < limit,
  maximum: (value, limit) => isNumber(value) && value > limit,
  late: (value, limit, { today }) => value > today,
  born: (value, limit, { today }) => birthYear(value) > +today.slice(0, 4),
}

const FORMATS = {
  date: (value) => !day(value),
  'birth-date': (value) => !partialDay(value),
  'personal-number': (value, { births }) => personalNumber(value, births).fault,
  'paper-number': (value, { births }) => identityNumber(value, births).fault,
  'tax-number': (value, { births }) => taxNumber(value, births).fault,
  phone: (value) => !phone(value),
  email: (value) => value.endsWith(']') || !email(value),
  // As Django has it in the fixed forms: a server may be named by its number there.
  mailbox: (value) => !value.endsWith(']') && !email(value),
  commune: (value, { listed }, name) => !(listed(name) ?? [value]).includes(value),
}
