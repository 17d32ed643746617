// What numbers and days say by themselves, as in vietnam/identity.py, vietnam/dates.py, vietnam/money.py,
// vietnam/phone.py and Django's validator of e-mail addresses. tests/procedures holds both sides together.

// Whether it is a day that exists, written as 2026-11-22.
export function day(text) {
  const found = /^([0-9]{4})-([0-9]{2})-([0-9]{2})$/.exec(text)
  return found ? isDay(...found.slice(1).map(Number)) : false
}

function isDay(year, month, date) {
  const leap = year % 4 === 0 && (year % 100 !== 0 || year % 400 === 0)
  const days = [31, leap ? 29 : 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31]
  return year >= 1 && date >= 1 && date <= (days[month - 1] ?? 0)
}

const WRITTEN = [
  [/^([0-9]{4})-([0-9]{1,2})-([0-9]{1,2})$/, 1, 2, 3],
  [/^([0-9]{1,2})([/.\- ])([0-9]{1,2})\2([0-9]{4})$/, 4, 3, 1],
  [/^([0-9]{2})([0-9]{2})([0-9]{4})$/, 3, 2, 1],
]

// 22/11/2026 → 2026-11-22; null when the text names no day.
export function readDay(text) {
  for (const [form, year, month, date] of WRITTEN) {
    const found = form.exec(text)
    if (!found) continue
    if (!isDay(+found[year], +found[month], +found[date])) return null
    return `${found[year]}-${found[month].padStart(2, '0')}-${found[date].padStart(2, '0')}`
  }
  return null
}

// A day, month or year that exists, as ISO 8601 writes it.
export function partialDay(text) {
  const found = /^([0-9]{4})(?:-([0-9]{2})(?:-([0-9]{2}))?)?$/.exec(text)
  return found ? isDay(+found[1], +(found[2] ?? 1), +(found[3] ?? 1)) : false
}

// 22/11/1990 → 1990-11-22, 05/1938 → 1938-05, 1938 and 00/00/1938 → 1938; null when the text names none.
export function readPartialDay(text) {
  const whole = readDay(text)
  if (whole) return whole
  const known = text.replace(/^(?:(?:00|--?|__?|\?\??|xx?)[/. ]){1,2}/i, '')
  const month = /^([0-9]{4})-([0-9]{1,2})$/.exec(known) ?? swapped(/^([0-9]{1,2})[/.\- ]([0-9]{4})$/.exec(known))
  const found = month ? `${month[1]}-${month[2].padStart(2, '0')}` : known
  return partialDay(found) && (month || found.length === 4) ? found : null
}

const swapped = (found) => found && [found[0], found[2], found[1]]

const LONGEST_MONEY = 60

export function readMoney(text) {
  if ([...text].length > LONGEST_MONEY) return null
  const bare = text.toLowerCase().replace(/(?:đồng|đ|₫|vnđ|vnd|dong)\.?$/, '').trim()
  const one = /^[0-9]+$/.test(bare) || /^[0-9]{1,3}([., ])[0-9]{3}(?:\1[0-9]{3})*$/.test(bare)
  return one ? Number(bare.replace(/[^0-9]/g, '')) : null
}

const LONGEST_NUMBER = 40

export function readNumber(text) {
  const one = /^-?[0-9]{1,3}(?:\.[0-9]{3})+(?:,[0-9]+)?$|^-?[0-9]{1,15}(?:[.,][0-9]{1,6})?$/.test(text)
  if (text.length > LONGEST_NUMBER || !one) return null
  const points = text.split('.').length - 1
  if (text.includes(',') || points > 1 || /^-?[0-9]{1,3}\.[0-9]{3}$/.test(text)) {
    return Number(text.replaceAll('.', '').replace(',', '.'))
  }
  return Number(text)
}

// The digits, or what is wrong with them.
function digits(text, lengths) {
  const squeezed = text.replace(/[\s.-]/g, '')
  if (!/^[0-9]+$/.test(squeezed)) return { fault: squeezed ? 'characters' : 'length' }
  return lengths.includes(squeezed.length) ? { digits: squeezed } : { fault: 'length' }
}

// {digits} or {fault}; `births`: what may open a number (procedures.questionnaire.browser.births).
export function personalNumber(text, births) {
  const read = digits(text, [12])
  if (read.fault) return read
  const place = read.digits.slice(0, 3)
  const known = births.codes.match(/.{3}/g).includes(place)
  if (!known && (+place < births.abroad[0] || +place > births.abroad[1])) return { fault: 'place' }
  return read.digits[3] > '5' ? { fault: 'century' } : read
}

// The same, the nine digits of a card of old, or letters and digits of a passport: vietnam/documents.py.
export function identityNumber(text, births) {
  const bare = text.replace(/[\s.-]/g, '').toUpperCase()
  if (/^[0-9]+$/.test(bare)) return bare.length === 9 ? { digits: bare } : personalNumber(bare, births)
  if (bare.length < 5 || bare.length > 20) return { fault: 'length' }
  return /^(?=.*[0-9])[A-Z0-9]+$/.test(bare) ? { digits: bare } : { fault: 'characters' }
}

export const birthYear = (number) => 1900 + 100 * Math.floor(+number[3] / 2) + +number.slice(4, 6)

const WEIGHTS = [31, 29, 23, 19, 17, 13, 7, 5, 3]

// {digits}, a branch behind a dash, or {fault}.
export function taxNumber(text, births) {
  const read = digits(text, [10, 12, 13])
  if (read.fault) return read
  if (read.digits.length === 12) return personalNumber(read.digits, births)
  const check = 10 - (WEIGHTS.reduce((sum, weight, n) => sum + weight * +read.digits[n], 0) % 11)
  if (check !== +read.digits[9]) return { fault: 'checksum' }
  if (read.digits.slice(10) === '000') return { fault: 'branch' }
  return { digits: read.digits.replace(/^(.{10})(?=.)/, '$1-') }
}

// What the first digits of mobile numbers of eleven digits became in 2018.
const SHORTENED = {
  ...{ '0120': '070', '0121': '079', '0122': '077', '0126': '076', '0128': '078' },
  ...{ '0123': '083', '0124': '084', '0125': '085', '0127': '081', '0129': '082' },
  ...{ '0162': '032', '0163': '033', '0164': '034', '0165': '035', '0166': '036', '0167': '037', '0168': '038' },
  ...{ '0169': '039', '0186': '056', '0188': '058', '0199': '059' },
}

// Digits beginning with 0; '' when there are none; null when it is no number in Việt Nam.
export function readPhone(text) {
  const typed = text.replace(/[\s.\-()]/g, '').replace(/^(?:\+|00)?840?(?=[1-9][0-9]{8,9}$)/, '0')
  const shorter = typed.length === 11 && SHORTENED[typed.slice(0, 4)]
  const found = shorter ? shorter + typed.slice(4) : typed
  return found === '' || phone(found) ? found : null
}

export const phone = (text) => /^(?:0[1-9][0-9]{8}|02[0-9]{9})$/.test(text)

// Python's letters without case are these four more.
const ATOM = "[-!#$%&'*+/=?^_`{}|~0-9A-Za-z\\u0130\\u0131\\u017f\\u212a]+"
const QUOTED = '"([\\x01-\\x08\\x0b\\x0c\\x0e-\\x1f!#-\\[\\]-\\x7f]|\\\\[\\x01-\\x09\\x0b\\x0c\\x0e-\\x7f])*"'
const USER = new RegExp(`^(?:${ATOM}(?:\\.${ATOM})*|${QUOTED})$`)
const LETTER = 'A-Za-z\\u0130\\u0131\\u017f\\u212a\\u00a1-\\uffff'
const DOMAIN = new RegExp(
  `^[${LETTER}0-9](?:[${LETTER}0-9-]{0,61}[${LETTER}0-9])?` +
    `(?:\\.(?!-)(?:[${LETTER}0-9-]{0,62}[${LETTER}0-9]))*` +
    `\\.(?!-)(?:[${LETTER}-]{1,62}[${LETTER}]|[xX][nN]--[A-Za-z0-9\\u0130\\u0131\\u017f\\u212a]{1,59})$`,
  'u',
)
const LONGEST_EMAIL = 320

export function email(text) {
  const at = text.lastIndexOf('@')
  if (at < 0 || [...text].length > LONGEST_EMAIL) return false
  const domain = text.slice(at + 1)
  return USER.test(text.slice(0, at)) && (domain === 'localhost' || DOMAIN.test(domain))
}
