// One scan after the other: the field is empty for the next code as soon as htmx has taken the last one, while that
// is still on its way (`hx-sync="this:queue all"` on the form keeps the order).
document.addEventListener('htmx:configRequest', ({ target, detail }) => {
  const field = target.matches?.('form[hx-sync]') && target.querySelector('[data-scanner]')
  if (!field || detail.parameters[field.name] === undefined) return
  field.value = ''
  field.focus()
})
