// The lock of a staff page, <form data-lock data-lock-after="10">: sent by hand, or by itself after so many minutes
// without a key, a click or a touch. The server locks by itself too; this hides what stands on the screen. What is typed
// on the page is kept over the lock, whoever sends it.
import { keep, typedForm } from './session-ended.js'

export function lockWhenIdle() {
  const form = document.querySelector('form[data-lock]')
  if (!form) return
  form.addEventListener('submit', (event) => {
    const typed = typedForm()
    if (!typed) return
    event.preventDefault()
    const plainly = () => HTMLFormElement.prototype.submit.call(form)
    fetch(form.action, { method: 'POST', body: new FormData(form), redirect: 'manual' }).then(() => keep(typed), plainly)
  })
  if (!form.dataset.lockAfter) return
  const patience = Number(form.dataset.lockAfter) * 60_000
  let seen = Date.now()
  for (const kind of ['keydown', 'pointerdown', 'wheel', 'touchstart']) {
    addEventListener(kind, () => (seen = Date.now()), { passive: true, capture: true })
  }
  const look = () => {
    if (Date.now() - seen < patience) return
    seen = Date.now()
    form.requestSubmit()
  }
  setInterval(look, Math.min(patience / 4, 30_000))
  document.addEventListener('visibilitychange', () => document.visibilityState === 'visible' && look())
}
