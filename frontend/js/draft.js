// A half-finished form saves itself: `<form data-draft="/address/">` with `<span data-saving …>` (component
// saving.html) that says how it stands. Without scripts the form's own "save" button does the same.
import { endedBy } from './session-ended.js'

const PAUSE = 1200

export function keepDrafts(scope) {
  const forms = [...scope.querySelectorAll('form[data-draft]')]
  if (scope.matches?.('form[data-draft]')) forms.push(scope)
  forms.forEach(keep)
}

// What the server says is for the reader: the session has ended, or the page was saved elsewhere meanwhile.
async function refusal(response) {
  const plain = !response.ok && response.headers.get('Content-Type')?.startsWith('text/plain')
  return plain ? (await response.text()).trim() : ''
}

function keep(form) {
  const sign = form.querySelector('[data-saving]') ?? document.querySelector('[data-saving]')
  let waiting, running, again

  const say = (state, sentence) => {
    if (!sign) return
    sign.dataset.state = state
    sign.querySelector('[data-saving-text]').textContent = sentence || sign.dataset[state]
    sign.hidden = false
  }

  async function save() {
    clearTimeout(waiting)
    waiting = undefined
    if (running) {
      again = true
      return
    }
    running = true
    say('saving')
    // Files have their own upload; a draft holds answers.
    const answers = new FormData(form)
    for (const [name, value] of [...answers]) if (value instanceof File) answers.delete(name)
    try {
      const response = await fetch(form.dataset.draft, {
        method: 'POST',
        body: answers,
        headers: { 'X-Requested-With': 'fetch' },
        redirect: 'error',
        keepalive: true,
      })
      // The page's own save is no other's: its next one names the count after this one.
      const saves = response.headers.get('OSS-Saves')
      const counted = form.querySelector('input[name="draft_saves"]')
      if (response.ok && saves && counted) counted.value = saves
      endedBy(response)
      say(response.ok ? 'saved' : 'failed', await refusal(response))
    } catch {
      say('failed')
    }
    running = false
    if (again) {
      again = false
      save()
    }
  }

  form.addEventListener('input', () => {
    clearTimeout(waiting)
    waiting = setTimeout(save, PAUSE)
  })
  document.addEventListener('visibilitychange', () => {
    if (document.visibilityState === 'hidden' && waiting) save()
  })
  // Not when the form was held back for its mistakes: then nothing was sent.
  document.addEventListener('submit', (event) => {
    if (event.target === form && !event.defaultPrevented) clearTimeout(waiting)
  })
}
