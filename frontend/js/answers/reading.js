// What somebody typed, read into answers: procedures/questionnaire/answers.py for the browser.
import { identityNumber, personalNumber, readDay, readMoney, readNumber, readPartialDay, readPhone, taxNumber } from './formats.js'
import { plainCharacters } from './typed.js'

const LONGEST_TYPED = 5000
const IN_DIGITS = ['date', 'birth_date', 'money', 'number', 'personal_number', 'paper_number', 'tax_number', 'phone']

// Map of answers by question, and for each table the row on the page of each row kept.
export function read(rules, typed) {
  const values = new Map()
  const places = new Map()
  for (const question of rules.questions) {
    const value = answer(question, typed, rules.births, places)
    if (value !== null && value !== '' && value.length !== 0) values.set(question.id, value)
  }
  return { values, places }
}

function answer(question, typed, births, places) {
  const { id, kind } = question
  if (kind === 'several') return question.options.filter((key) => typed.get(`${id}--${key}`))
  if (kind === 'declaration') return typed.get(id) ? true : null
  if (question.columns) return table(question, typed, births, places)
  if (question.parts) return parts(question, typed, births)
  return question.checks ? simple(kind, typed.get(id) ?? '', births) : null
}

function table(question, typed, births, places) {
  const kept = []
  const rows = []
  for (let n = 0; n < rowsTyped(question, typed); n++) {
    const row = filled(question.columns, (column) => typed.get(`${question.id}-${n}-${column}`), births)
    if (row.size) {
      kept.push(row)
      rows.push(n)
    }
  }
  places.set(question.id, rows)
  return kept
}

function rowsTyped(question, typed) {
  const head = `${question.id}-`
  let last = -1
  for (const name of typed.keys()) {
    const found = name.startsWith(head) && /^([0-9]{1,2})-/.exec(name.slice(head.length))
    if (found) last = Math.max(last, +found[1])
  }
  return Math.min(last + 1, question.most)
}

function parts(question, typed, births) {
  const kept = filled(question.parts, (part) => typed.get(`${question.id}-${part}`), births)
  if (question.kind === 'address' && kept.has('commune')) kept.delete('elsewhere')
  // A nationality that stood there from the start does not make an answer.
  return [...kept.keys()].some((part) => part !== 'nationality') ? kept : null
}

function filled(fields, typed, births) {
  const kept = new Map()
  for (const { id, kind } of fields) {
    const value = simple(kind, typed(id) ?? '', births)
    if (value !== null && value !== '') kept.set(id, value)
  }
  return kept
}

// One typed text as an answer of its kind; null when empty, the text itself when it cannot be read.
export function simple(kind, text, births) {
  if (kind === 'as_typed') return text.trim() // a field of a fixed form, read by Django
  const tidied = tidy(IN_DIGITS.includes(kind) ? plainCharacters(text) : text, kind === 'long_text')
  if (!tidied) return null
  switch (kind) {
    case 'name':
      return tidied.replace(/\p{C}/gu, '').split(/\s+/).filter(Boolean).join(' ')
    case 'date':
      return readDay(tidied) ?? tidied
    case 'birth_date':
      return readPartialDay(tidied) ?? tidied
    case 'money':
      return readMoney(tidied) ?? tidied
    case 'number':
      return readNumber(tidied) ?? tidied
    case 'personal_number':
      return personalNumber(tidied, births).digits ?? tidied
    case 'paper_number':
      return identityNumber(tidied, births).digits ?? tidied
    case 'tax_number':
      return taxNumber(tidied, births).digits ?? tidied
    case 'phone':
      return readPhone(tidied) ?? tidied
    case 'yes_no':
      return tidied === 'yes' ? true : tidied === 'no' ? false : tidied
  }
  return tidied
}

// Composed letters without control characters; spaces single, lines kept only where asked.
function tidy(text, keepLines) {
  const whole = [...text.normalize('NFC')].slice(0, LONGEST_TYPED).join('').replaceAll('\r\n', '\n')
  const kept = whole.replace(/[\p{Cc}\p{Cf}\p{Cs}\p{Co}]/gu, (c) => (c === '\n' ? c : ' '))
  const single = (line) => line.split(/\s+/).filter(Boolean).join(' ')
  return keepLines ? kept.split('\n').map(single).join('\n').trim() : single(kept)
}
