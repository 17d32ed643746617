// Says a sentence to screen readers; `visible` also shows it, for failures that everybody must learn of.
let spoken, shown

export function announce(sentence, { visible = false } = {}) {
  if (!sentence) return
  if (!spoken) {
    spoken = document.createElement('div')
    spoken.className = 'govuk-visually-hidden'
    spoken.setAttribute('role', 'status')
    document.body.append(spoken)
  }
  if (!visible) {
    spoken.textContent = sentence
    return
  }
  if (!shown) {
    shown = document.createElement('div')
    shown.className = 'oss-toast'
    shown.setAttribute('role', 'alert')
    document.body.append(shown)
  }
  shown.textContent = sentence
  shown.hidden = false
  clearTimeout(shown.timer)
  shown.timer = setTimeout(() => (shown.hidden = true), 10_000)
}
