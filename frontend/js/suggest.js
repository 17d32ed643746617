import { announce } from './announce.js'
import { endedBy } from './session-ended.js'

// Suggestions while typing (the ARIA combobox pattern). `<div class="oss-suggest" data-suggest="/address/">` around a
// text field; the address answers `?q=` with the component suggestions.html. An option with an address opens it; an
// option with a value fills the field, and the hidden field named by data-suggest-into. Without scripts the field is
// an ordinary search field.
const PAUSE = 180
let counter = 0

export function suggest(scope) {
  scope.querySelectorAll('[data-suggest]').forEach((box) => {
    if (!box.dataset.alive) enliven(box)
  })
}

function enliven(box) {
  box.dataset.alive = 'yes'
  const field = box.querySelector('input')
  const list = document.createElement('ul')
  const id = `suggestions-${++counter}`
  list.id = id
  list.className = 'oss-suggest__list'
  list.hidden = true
  list.setAttribute('role', 'listbox')
  list.setAttribute('aria-label', box.dataset.suggestLabel ?? field.labels?.[0]?.textContent.trim() ?? '')
  box.append(list)
  field.setAttribute('role', 'combobox')
  field.setAttribute('aria-autocomplete', 'list')
  field.setAttribute('aria-controls', id)
  field.setAttribute('aria-expanded', 'false')
  field.autocomplete = 'off'

  let waiting, asking, chosen = -1
  const options = () => [...list.querySelectorAll('[role="option"]')]

  function close() {
    clearTimeout(waiting)
    asking?.abort()
    list.hidden = true
    chosen = -1
    field.setAttribute('aria-expanded', 'false')
    field.removeAttribute('aria-activedescendant')
  }

  function highlight(index) {
    const all = options()
    if (!all.length) return
    chosen = (index + all.length) % all.length
    all.forEach((option, at) => option.setAttribute('aria-selected', String(at === chosen)))
    field.setAttribute('aria-activedescendant', all[chosen].id)
    all[chosen].scrollIntoView({ block: 'nearest' })
  }

  function take(option) {
    if (option.dataset.href) {
      location.assign(option.dataset.href)
      return
    }
    field.value = option.dataset.label ?? option.textContent.trim()
    const target = box.dataset.suggestInto && document.querySelector(box.dataset.suggestInto)
    if (target) {
      target.value = option.dataset.value
      target.dispatchEvent(new Event('change', { bubbles: true }))
    }
    close()
  }

  async function ask() {
    const words = field.value.trim()
    if (words.length < 2) return close()
    asking?.abort()
    asking = new AbortController()
    const address = new URL(box.dataset.suggest, location.href)
    address.searchParams.set('q', words)
    try {
      const response = await fetch(address, { signal: asking.signal, headers: { 'HX-Request': 'true' } })
      if (endedBy(response)) return
      if (!response.ok || response.redirected) return close()
      list.innerHTML = await response.text()
    } catch {
      return // a newer question took its place, or the network is gone: the field still works
    }
    const all = options()
    all.forEach((option, at) => {
      option.id = `${id}-${at}`
      option.setAttribute('aria-selected', 'false')
    })
    chosen = -1
    list.hidden = !all.length
    field.setAttribute('aria-expanded', String(all.length > 0))
    announce((document.body.dataset.textSuggestions ?? '').replace('%s', all.length))
  }

  field.addEventListener('input', () => {
    clearTimeout(waiting)
    waiting = setTimeout(ask, PAUSE)
  })
  field.addEventListener('keydown', (event) => {
    if (event.key === 'ArrowDown' || event.key === 'ArrowUp') {
      if (list.hidden) return
      event.preventDefault()
      highlight(event.key === 'ArrowDown' ? chosen + 1 : chosen < 0 ? -1 : chosen - 1)
    } else if (event.key === 'Enter' && !list.hidden && chosen >= 0) {
      event.preventDefault()
      take(options()[chosen])
    } else if (event.key === 'Escape' && !list.hidden) {
      event.preventDefault()
      event.stopPropagation()
      close()
    }
  })
  field.addEventListener('blur', close)
  // `mousedown` comes before `blur`, so that the list is still there.
  list.addEventListener('mousedown', (event) => {
    const option = event.target.closest('[role="option"]')
    event.preventDefault()
    if (option && event.button === 0) take(option)
  })
}
