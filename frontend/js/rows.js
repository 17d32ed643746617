// Lists by keyboard. In `[data-rows]`, j and k (or the arrows) go from `[data-row]` to `[data-row]`; Enter opens the
// row's first link; any element of the row with `data-row-key` is pressed by that key: "x" on the box that selects,
// " " on the original's tick of a checklist, "c" on its copies. A list with `data-first` has the focus when the page
// opens; the arrow down leads from the scanner's field into the page's first list, as j does from outside of fields.
const TYPING = 'input:not([type="checkbox"], [type="radio"], [type="file"]), textarea, select, [contenteditable="true"]'

export function rows(scope) {
  scope.querySelectorAll('[data-rows]').forEach((list) => {
    if (!list.dataset.alive) enliven(list)
  })
}

function enliven(list) {
  list.dataset.alive = 'yes'
  const all = () => [...list.querySelectorAll('[data-row]')]
  const first = all()[0]
  all().forEach((row) => row.setAttribute('tabindex', row === first ? '0' : '-1'))

  function go(row) {
    if (!row) return
    for (const each of all()) {
      each.setAttribute('tabindex', each === row ? '0' : '-1')
      each.classList.toggle('oss-row--current', each === row)
    }
    row.focus()
    row.scrollIntoView({ block: 'nearest' })
  }

  list.addEventListener('focusin', (event) => {
    const row = event.target.closest('[data-row]')
    for (const each of all()) each.classList.toggle('oss-row--current', each === row)
  })

  list.addEventListener('keydown', (event) => {
    if (event.ctrlKey || event.altKey || event.metaKey) return
    const row = event.target.closest('[data-row]')
    if (!row || event.target.matches(TYPING)) return
    const rowsNow = all()
    const at = rowsNow.indexOf(row)
    if (event.key === 'j' || event.key === 'ArrowDown') go(rowsNow[at + 1])
    else if (event.key === 'k' || event.key === 'ArrowUp') go(rowsNow[at - 1])
    else if (event.key === 'Enter' && event.target === row) row.querySelector('a[href]')?.click()
    else {
      const target = [...row.querySelectorAll('[data-row-key]')].find((element) => element.dataset.rowKey === event.key)
      // A space on the box itself already ticks it.
      if (!target || (target === event.target && event.key === ' ')) return
      if (target.matches('input[type="text"], input:not([type])')) {
        target.focus()
        target.select()
      } else target.click()
    }
    event.preventDefault()
    event.stopPropagation()
  })

  if ('first' in list.dataset) go(first)

  // j from anywhere on the page enters the page's first list.
  if (document.querySelector('[data-rows]') === list) {
    document.addEventListener('keydown', (event) => {
      if (event.defaultPrevented || event.ctrlKey || event.altKey || event.metaKey) return
      const down = event.key === 'ArrowDown' && event.target.matches('[data-scanner]')
      if (!down && (!['j', 'k'].includes(event.key) || event.target.closest(TYPING))) return
      if (document.querySelector('dialog[open]')) return
      event.preventDefault()
      go(all().find((row) => row.tabIndex === 0) ?? all()[0])
    })
  }
}
