import { announce } from './announce.js'

// A form is sent once, however often its button is pressed. The server judges idempotently as well; this spares the
// reader the second answer. `data-many` marks forms that may be sent again from the same page (downloads).
export function sendOnce() {
  document.addEventListener('submit', (event) => {
    const form = event.target
    if (event.defaultPrevented || form.method !== 'post' || form.target === '_blank' || 'many' in form.dataset) return
    if (form.dataset.sent) {
      event.preventDefault()
      return
    }
    form.dataset.sent = 'yes'
    mark(form, true)
    announce(document.body.dataset.textSending)
  })
  // Back from the next page, or an answer that htmx has put in place: the buttons work again.
  addEventListener('pageshow', () => document.querySelectorAll('form[data-sent]').forEach(release))
  document.addEventListener('htmx:afterRequest', (event) => {
    const form = event.target.closest?.('form[data-sent]')
    if (form) release(form)
  })
}

function release(form) {
  delete form.dataset.sent
  mark(form, false)
}

function mark(form, busy) {
  for (const button of form.querySelectorAll('button:not([type="button"])')) {
    if (busy) button.setAttribute('aria-busy', 'true')
    else button.removeAttribute('aria-busy')
  }
}
