// Text as it was meant: the twin of vietnam/typed.py, whose table tests both.

const DASHES = /[\u058a\u2010-\u2015\u2043\u2212\u2e3a\u2e3b\ufe58\ufe63\uff0d]/g
const WIDE = /[\uff01-\uff5e]/g
// Drawn as nothing, besides what \p{Cc}, \p{Cf}, \p{Cs} and \p{Co} hold.
const IGNORABLE =
  /[\u034f\u115f\u1160\u17b4\u17b5\u180b-\u180f\u3164\ufe00-\ufe0f\uffa0\ufff0-\ufff8\u{e0000}-\u{e0fff}]/gu
const UNSEEN = /[\p{Cc}\p{Cf}\p{Cs}\p{Co}]/gu
const BLANKS = '\t\n\v\f\r'

// Letters of full width and digits of any script as usual ones, every dash a hyphen, nothing invisible.
export function plainCharacters(text) {
  return text
    .normalize('NFC')
    .replace(DASHES, '-')
    .replace(IGNORABLE, '')
    .replace(WIDE, (c) => String.fromCharCode(c.charCodeAt(0) - 0xfee0))
    .replaceAll('\u3000', ' ')
    .replace(UNSEEN, (c) => (BLANKS.includes(c) ? c : ''))
    .replace(/\p{Nd}/gu, plainDigit)
}

// Digits of a script stand in runs of ten, zero first.
function plainDigit(digit) {
  let zero = digit.codePointAt(0)
  while (/\p{Nd}/u.test(String.fromCodePoint(zero - 1))) zero--
  return (digit.codePointAt(0) - zero) % 10
}
