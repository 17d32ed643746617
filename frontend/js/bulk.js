import { announce } from './announce.js'

// Many rows at once: `<form data-bulk>` around a table whose rows have `name="selected"` boxes, with one
// `data-bulk-all` box in the head and an action bar `[data-bulk-bar]` that shows the count in `[data-bulk-count]`
// (data-text="Đã chọn %s hồ sơ"). A button `data-bulk-act="assign"` is there while one of the chosen boxes names it in
// `data-acts`. Without scripts the bar and all its buttons are always there.
export function bulk(scope) {
  scope.querySelectorAll('form[data-bulk]').forEach((form) => {
    const bar = form.querySelector('[data-bulk-bar]')
    const all = form.querySelector('[data-bulk-all]')
    const count = form.querySelector('[data-bulk-count]')
    const boxes = () => [...form.querySelectorAll('input[type="checkbox"][name="selected"]')]

    function tell(say) {
      const checked = boxes().filter((box) => box.checked)
      const chosen = checked.length
      form.querySelectorAll('[data-bulk-act]').forEach((button) => {
        button.hidden = !checked.some((box) => box.dataset.acts?.split(' ').includes(button.dataset.bulkAct))
      })
      bar.hidden = chosen === 0
      if (count) count.textContent = count.dataset.text.replace('%s', chosen)
      if (say && count) announce(count.textContent)
      if (all) {
        all.checked = chosen > 0 && chosen === boxes().length
        all.indeterminate = chosen > 0 && chosen < boxes().length
      }
      for (const box of boxes()) box.closest('tr')?.setAttribute('aria-selected', String(box.checked))
    }

    if (all) all.closest('[hidden]')?.removeAttribute('hidden')
    form.addEventListener('change', (event) => {
      if (event.target === all) boxes().forEach((box) => (box.checked = all.checked))
      tell(true)
    })
    tell(false)
  })
}
