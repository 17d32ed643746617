// Computed answers: procedures/questionnaire/formulas.py for the browser. Sums are exact, as decimals are there.
import { partialDay } from './formats.js'

// null while an answer that it needs is missing.
export function compute([name, ...names], values, today) {
  const found = names.map(([question, part]) => inside(values.get(question), part))
  if (name === 'count') return found[0].length
  if (name === 'age') return found[0].length ? age(found[0][0], today) : null
  const numbers = found.flat().filter((value) => typeof value === 'number')
  if (!numbers.length || (name === 'product' && !found.every((group) => group.length))) return null
  return numbers.map(decimal).reduce(name === 'sum' ? plus : times).number()
}

function inside(value, part) {
  let rows = Array.isArray(value) ? value : [value]
  if (part) rows = rows.filter((row) => row instanceof Map).map((row) => row.get(part))
  return rows.filter((row) => row !== undefined)
}

// Null where only the month or year of birth is known and that leaves the age open.
function age(born, today) {
  if (typeof born !== 'string' || !partialDay(born)) return null
  const [year, ...rest] = born.split('-')
  const now = today.split('-').slice(1, 1 + rest.length).join('-')
  const then = rest.join('-')
  if (rest.length < 2 && now === then) return null
  return Math.max(+today.slice(0, 4) - year - (now < then ? 1 : 0), 0)
}

const made = (units, scale) => ({ units, scale, number: () => Number(`${units}e-${scale}`) })

function decimal(number) {
  const [whole, fraction = ''] = number.toLocaleString('en', { useGrouping: false, maximumFractionDigits: 20 }).split('.')
  return made(BigInt(whole + fraction), fraction.length)
}

function plus(a, b) {
  const scale = Math.max(a.scale, b.scale)
  const units = [a, b].map((each) => each.units * 10n ** BigInt(scale - each.scale))
  return made(units[0] + units[1], scale)
}

function times(a, b) {
  return made(a.units * b.units, a.scale + b.scale)
}
