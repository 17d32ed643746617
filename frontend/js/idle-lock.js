// A staff page left alone locks itself: <form data-lock-after="10"> is sent after so many minutes without a key, a click
// or a touch. The server locks by itself too; this hides what stands on the screen.
export function lockWhenIdle() {
  const form = document.querySelector('form[data-lock-after]')
  if (!form) return
  const patience = Number(form.dataset.lockAfter) * 60_000
  let seen = Date.now()
  for (const kind of ['keydown', 'pointerdown', 'wheel', 'touchstart']) {
    addEventListener(kind, () => (seen = Date.now()), { passive: true, capture: true })
  }
  const look = () => {
    if (Date.now() - seen >= patience) form.requestSubmit()
  }
  setInterval(look, Math.min(patience / 4, 30_000))
  document.addEventListener('visibilitychange', () => document.visibilityState === 'visible' && look())
}
