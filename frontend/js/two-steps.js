// A long list in groups becomes two short ones: `<select data-two-steps="Commune">` with an <optgroup> for each first
// choice. Without scripts the list with its groups does.
export function twoSteps(scope) {
  for (const list of scope.querySelectorAll('select[data-two-steps]')) split(list)
}

function split(list) {
  if (list.dataset.alive) return
  list.dataset.alive = 'yes'
  const groups = [...list.querySelectorAll('optgroup')]
  if (groups.length < 2) return
  const empty = [...list.children].find((child) => child.tagName === 'OPTION')
  const first = document.createElement('select')
  first.className = list.className
  first.id = `${list.id}_place`
  const label = document.createElement('label')
  label.className = 'govuk-label'
  label.htmlFor = first.id
  label.textContent = list.dataset.twoSteps
  first.append(new Option('–', ''), ...groups.map((group, n) => new Option(group.label, String(n))))
  const chosen = list.selectedOptions[0]?.closest('optgroup')
  first.value = chosen ? String(groups.indexOf(chosen)) : ''
  const named = document.querySelector(`label[for="${list.id}"]`) ?? list
  const box = document.createElement('div')
  box.className = 'govuk-form-group'
  box.append(label, first)
  named.before(box)
  const show = () => {
    const group = groups[Number(first.value || -1)]
    const before = list.value
    const options = group ? [...group.querySelectorAll('option')] : []
    list.replaceChildren(...(empty ? [empty] : []), ...options)
    list.value = options.some((option) => option.value === before) ? before : options.length === 1 ? options[0].value : ''
  }
  show()
  first.addEventListener('change', () => {
    show()
    list.dispatchEvent(new Event('input', { bubbles: true }))
  })
}
