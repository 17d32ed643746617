// Keys for staff. `data-key="r"` on a button, link or field: the key presses it (a field is focused). Single letters
// rest while one is typing; "alt+1", "F2", "Escape", "ctrl+Enter" work everywhere. The key is shown beside the
// button. "?" or F1 opens the list of keys of the page, where single letters can be switched off (WCAG 2.1.4).
// Escape within a field leaves the field, outside of one it presses what has it.
//
// `[data-first-field]` on a form: its first field that waits for something has the focus when the page opens.
// What has `data-after-print` waits for `[data-prints]` of the same page: its key prints first.
//
// A barcode scanner is a very fast keyboard. Where the page has a `[data-scanner]` field, two characters that come
// within BURST of each other are a scan: they go to that field, and press no button.
const BURST = 45
const SWITCH = 'oss-single-keys'

const typing = (element) => element?.closest('input:not([type="checkbox"], [type="radio"], [type="submit"], [type="button"]), textarea, select, [contenteditable="true"]')
const single = (name) => name.length === 1
const usable = (element) => !element.disabled && element.getClientRects().length > 0

function nameOf(event) {
  const parts = []
  if (event.ctrlKey) parts.push('ctrl')
  if (event.altKey) parts.push('alt')
  parts.push(event.key.length === 1 ? event.key.toLowerCase() : event.key)
  return parts.join('+')
}

function press(name) {
  let target = [...document.querySelectorAll('[data-key]')].find((element) => element.dataset.key === name && usable(element))
  if (!target) return false
  const printer = document.querySelector('[data-prints]')
  if ('afterPrint' in target.dataset && printer && !printer.dataset.printed) target = printer
  if (target.matches('input, select, textarea') && typing(target)) {
    target.focus()
    target.select?.()
  } else {
    target.focus()
    target.click()
  }
  return true
}

export function keys() {
  showKeys(document)
  document.addEventListener('htmx:load', (event) => showKeys(event.target))

  let waiting = null // a single letter that may turn out to be the first of a scan

  document.addEventListener('keydown', (event) => {
    if (event.defaultPrevented || event.isComposing || event.metaKey) return
    const name = nameOf(event)
    if (document.querySelector('dialog[open]')) return
    if (name === 'Escape' && typing(event.target)) {
      event.target.blur()
      event.preventDefault()
      return
    }
    if (name === 'F1') {
      if (openList()) event.preventDefault()
      return
    }
    if (name === '?' && event.target.matches?.('[data-scanner]') && !event.target.value) {
      if (openList()) event.preventDefault()
      return
    }
    if (!single(name)) {
      if (press(name)) event.preventDefault()
      return
    }
    if (typing(event.target)) return
    const scanner = document.querySelector('[data-scanner]')
    if (scanner && usable(scanner)) {
      if (waiting) {
        clearTimeout(waiting.timer)
        scanner.focus()
        scanner.value = waiting.key // the second character is typed into the field by the browser itself
        waiting = null
        return
      }
      event.preventDefault()
      waiting = { key: event.key, timer: setTimeout(() => { waiting = null; obey(name) }, BURST) }
      return
    }
    if (obey(name)) event.preventDefault()
  })

  for (const link of document.querySelectorAll('[data-prints]')) link.addEventListener('click', () => (link.dataset.printed = 'yes'))
  document.querySelector('[data-scanner][data-first]')?.focus()
  const form = document.querySelector('[data-first-field]')
  // Mistakes have the focus already: their summary leads to the fields.
  if (form && !document.querySelector('.govuk-error-summary')) firstField(form)?.focus()
}

const FIELDS = 'input:not([type="hidden"], [type="submit"], [type="button"]), select, textarea'

function firstField(form) {
  const fields = [...form.querySelectorAll(FIELDS)].filter(usable)
  return fields.find((field) => !field.value || field.type === 'checkbox' || field.type === 'radio') ?? fields[0] ?? form.querySelector('button[type="submit"]')
}

function obey(name) {
  if (name === '?') return openList()
  if (localStorage.getItem(SWITCH) === 'off') return false
  return press(name)
}

// As it stands on the keyboard.
function nameOfKey(element) {
  return element.dataset.key.replace('Escape', 'Esc').toUpperCase()
}

function showKeys(scope) {
  for (const element of scope.querySelectorAll('[data-key]')) {
    element.setAttribute('aria-keyshortcuts', element.dataset.key.replace('ctrl', 'Control').replace('alt', 'Alt'))
    if (element.querySelector('.oss-key') || !element.matches('button, a')) continue
    const sign = document.createElement('kbd')
    sign.className = 'oss-key'
    sign.setAttribute('aria-hidden', 'true')
    sign.textContent = nameOfKey(element)
    element.append(sign)
  }
}

function plain(element) {
  const copy = element.cloneNode(true)
  copy.querySelectorAll('.oss-key').forEach((each) => each.remove())
  return copy.textContent
}

// What `rows.js` does in the page's lists: told by their first rows that can be seen, each key once, by its column.
function keysOfRows(words) {
  const rows = [...document.querySelectorAll('[data-rows] [data-row]')].filter(usable)
  if (!rows.length) return []
  const found = new Map([['J K', words.wordRows]])
  if (rows.some((row) => row.querySelector('a[href]'))) found.set('Enter', words.wordOpen)
  for (const element of document.querySelectorAll('[data-rows] [data-row-key]')) {
    const name = element.dataset.rowKey === ' ' ? words.wordSpace : element.dataset.rowKey.toUpperCase()
    if (!usable(element) || found.has(name)) continue
    const column = element.closest('table')?.tHead?.rows[0].cells[element.closest('td, th').cellIndex]
    const title = (column && plain(column).trim()) || element.getAttribute('aria-label') || element.labels?.[0]?.textContent || plain(element)
    found.set(name, element.inputMode === 'numeric' ? `${title.trim()}: ${words.wordCount}` : title)
  }
  return [...found].map(([name, what]) => [name.split(' '), what])
}

function openList() {
  const dialog = document.getElementById('keys')
  if (!dialog) return false
  const list = dialog.querySelector('dl')
  list.replaceChildren()
  const add = (names, words) => {
    const key = document.createElement('dt')
    for (const name of names) {
      const sign = document.createElement('kbd')
      sign.className = 'oss-key'
      sign.textContent = name
      key.append(sign, ' ')
    }
    const what = document.createElement('dd')
    what.textContent = words.trim()
    list.append(key, what)
  }
  for (const element of document.querySelectorAll('[data-key]')) {
    if (usable(element)) add([nameOfKey(element)], element.labels?.[0]?.textContent ?? element.getAttribute('aria-label') ?? plain(element))
  }
  for (const [names, words] of keysOfRows(dialog.dataset)) add(names, words)
  const choice = dialog.querySelector('input[type="checkbox"]')
  choice.checked = localStorage.getItem(SWITCH) !== 'off'
  choice.onchange = () => localStorage.setItem(SWITCH, choice.checked ? 'on' : 'off')
  dialog.showModal()
  return true
}
