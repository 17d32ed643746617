// Whether answers fit together, as procedures/questionnaire/comparisons.py judges it: days in order, not past, another
// place than before. Yields [field, sentence].
export function* compare(rules, kept, wrong) {
  const bad = new Set([...wrong].map((field) => field.split('-')[0]))
  for (const question of rules.questions) {
    if (!question.compare || !kept.has(question.id) || bad.has(question.id)) continue
    for (const [op, to, part, months, field, sentence] of question.compare) {
      if (bad.has(to)) continue
      const other = to === 'today' ? rules.today : part ? kept.get(to)?.get?.(part) : kept.get(to)
      if (other === undefined || other === null || fits(op, kept.get(question.id), other, months)) continue
      yield [field, sentence]
      break
    }
  }
}

function fits(op, value, other, months) {
  if (op === 'differs') return place(value) !== place(other)
  if (typeof value !== 'string' || typeof other !== 'string') return true
  const limit = op === 'within' ? later(other, months) : other
  const size = Math.min(value.length, limit.length)
  const [one, two] = [value.slice(0, size), limit.slice(0, size)]
  if (one === two) return value.length !== limit.length || ['not_before', 'not_after', 'within'].includes(op)
  return op === 'after' || op === 'not_before' ? one > two : one < two
}

function later(day, months) {
  if (day.length < 7) return String(+day.slice(0, 4) + Math.floor(months / 12))
  const all = +day.slice(0, 4) * 12 + +day.slice(5, 7) - 1 + months
  const [year, month] = [Math.floor(all / 12), (all % 12) + 1]
  if (year < 1 || year > 9999) return day
  const begin = `${String(year).padStart(4, '0')}-${String(month).padStart(2, '0')}`
  if (day.length < 10) return begin
  const last = new Date(Date.UTC(2000 + (year % 400), month, 0)).getUTCDate()
  return `${begin}-${String(Math.min(+day.slice(8, 10), last)).padStart(2, '0')}`
}

function place(value) {
  if (!(value instanceof Map)) return String(value).toLowerCase().split(/\s+/).filter(Boolean).join(' ')
  const parts = [...value].filter(([, text]) => text).map(([part, text]) => [part, folded(text)])
  return JSON.stringify(parts.sort())
}

// The words of an address without accents and signs, as vietnam/text.py folds Latin letters.
function folded(text) {
  const bare = String(text).normalize('NFKD').replace(/\p{M}/gu, '').toLowerCase().replace(/[đð]/g, 'd')
  return (bare.match(/[\p{L}\p{N}]+/gu) ?? []).join(' ')
}
