// A staff page left alone locks itself: <form data-lock-after="10"> is sent after so many minutes without a key, a click
// or a touch. The server locks by itself too; this hides what stands on the screen. What is typed on the page is kept
// over the lock.
import { keep, typedForm } from './session-ended.js'

export function lockWhenIdle() {
  const form = document.querySelector('form[data-lock-after]')
  if (!form) return
  const patience = Number(form.dataset.lockAfter) * 60_000
  let seen = Date.now()
  for (const kind of ['keydown', 'pointerdown', 'wheel', 'touchstart']) {
    addEventListener(kind, () => (seen = Date.now()), { passive: true, capture: true })
  }
  const look = () => {
    if (Date.now() - seen < patience) return
    const typed = typedForm()
    if (!typed) return form.requestSubmit()
    seen = Date.now()
    const answers = new FormData(form)
    fetch(form.action, { method: 'POST', body: answers, redirect: 'manual' }).then(() => keep(typed), () => form.requestSubmit())
  }
  setInterval(look, Math.min(patience / 4, 30_000))
  document.addEventListener('visibilitychange', () => document.visibilityState === 'visible' && look())
}
