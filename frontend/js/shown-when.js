// Questions that depend on others: `data-shown-when='{"name":"way","op":"is","value":"two"}'` on what is shown only
// then. A hidden question's answer decides nothing. The server decides again and drops what was hidden.
export function showWhenAsked(scope) {
  const conditional = [...scope.querySelectorAll('[data-shown-when]')]
  const forms = new Set(conditional.map((part) => part.closest('form')).filter(Boolean))
  for (const form of forms) {
    const parts = [...form.querySelectorAll('[data-shown-when]')]
    const settle = () => parts.forEach((part) => part.classList.toggle('oss-asked--hidden', !holds(form, part)))
    form.addEventListener('input', settle)
    form.addEventListener('change', settle)
    settle()
  }
}

function holds(form, part) {
  const { name, op, value } = JSON.parse(part.dataset.shownWhen)
  const answer = answerOf(form, name)
  if (answer === '') return false
  if (op === 'contains') return answer.includes(value)
  return (answer === value) === (op === 'is')
}

// Parts are settled in the order of the page, so what stands before is already hidden or not.
function answerOf(form, name) {
  const fields = [...form.elements].filter(
    (field) => field.name === name && !field.closest('.oss-asked--hidden'),
  )
  const ticked = fields.filter((field) => !['radio', 'checkbox'].includes(field.type) || field.checked)
  return ticked[0]?.value.trim() ?? ''
}
