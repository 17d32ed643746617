import { announce } from './announce.js'

// Buttons that only make sense with scripts are hidden in the page and shown here.
export function smallThings(scope) {
  for (const button of scope.querySelectorAll('[data-print]')) {
    button.hidden = false
    button.addEventListener('click', () => window.print())
  }
  for (const button of scope.querySelectorAll('[data-copy]')) {
    if (!navigator.clipboard) continue
    button.hidden = false
    button.addEventListener('click', async () => {
      await navigator.clipboard.writeText(button.dataset.copy)
      announce(button.dataset.copied)
      const text = button.querySelector('[data-copy-text]') ?? button
      text.textContent = button.dataset.copied
    })
  }
  // Fields that belong to some choices alone: `data-only-for="phone"` beside the form's field called "kind".
  for (const part of scope.querySelectorAll('[data-only-for]')) {
    const choice = part.form?.elements.kind
    if (!choice || choice.dataset.decides) continue
    choice.dataset.decides = 'yes'
    const show = () => {
      for (const each of part.form.querySelectorAll('[data-only-for]')) {
        const group = each.closest('.govuk-form-group')
        group.hidden = !each.dataset.onlyFor.split(' ').includes(choice.value)
      }
    }
    choice.addEventListener('change', show)
    show()
  }
  // A choice that sends its form at once; the form keeps a button for those without scripts.
  for (const field of scope.querySelectorAll('[data-send-on-change]')) {
    field.addEventListener('change', () => field.form.requestSubmit())
    for (const button of field.form.querySelectorAll('[data-without-scripts]')) button.hidden = true
  }
}
