// One scan after the other, however slow the line is: what was scanned is set aside when the scanner presses Enter, so
// that the field is free for the next code; the form's next request carries all that has gathered meanwhile.
// `hx-sync="this:queue all"` on the form keeps the order.
const gathered = new WeakMap()

const fieldOf = (form) => form.matches?.('form[hx-sync]') && form.querySelector('[data-scanner]')

document.addEventListener(
  'submit',
  ({ target }) => {
    const field = fieldOf(target)
    if (!field) return
    if (field.value.trim()) gathered.set(target, [...(gathered.get(target) ?? []), field.value.trim()])
    field.value = ''
    field.focus()
  },
  true,
)

document.addEventListener('htmx:configRequest', (event) => {
  const form = event.target
  const field = fieldOf(form)
  if (!field) return
  const codes = gathered.get(form) ?? []
  gathered.delete(form)
  if (codes.length) event.detail.parameters[field.name] = codes.join(' ')
  else event.preventDefault() // an earlier request has carried them already
})
