// The session has ended, and a script of the page is the first to learn it (answer 401 with the sign-in page's address).
// Nothing that was typed may be lost: a dialog says so, and its button sends the form that somebody has typed in with
// `_keep`: the server keeps it over the sign-in (accounts/resume_form_after_login.py) and shows the page filled again.
const HEADER = 'OSS-Sign-In'
let touched = null // the form that was typed in last
let away = false
let sent = false // the form that was typed in last is on its way

export function sessionEnded(signIn) {
  if (away) return
  const dialog = document.getElementById('session-ended')
  const form = touched?.isConnected ? touched : null
  if (!form || !dialog) return leave(() => location.assign(signIn))
  if (dialog.open) return
  dialog.querySelector('[data-unsent]').hidden = !document.querySelector('[data-upload-running="yes"], .oss-file--failed')
  dialog.querySelector('[data-sign-in]').onclick = () => leave(() => keep(form))
  dialog.showModal()
}

// `true` when an answer of fetch says that the session has ended, which then has been shown.
export function endedBy(response) {
  if (response.status !== 401 || !response.headers.get(HEADER)) return false
  sessionEnded(response.headers.get(HEADER))
  return true
}

// The form that would be lost if the page were left now, or null.
export const typedForm = () => (touched?.isConnected ? touched : null)

export function keep(form) {
  sent = true
  const mark = document.createElement('input')
  Object.assign(mark, { type: 'hidden', name: '_keep', value: '1' })
  form.append(mark)
  HTMLFormElement.prototype.submit.call(form) // not held back by checks or running uploads
}

// A reload may be the first to meet the end of the session, and brings nothing of the page with it. The server keeps this
// then, and forgets it while the session lasts.
function tellWhatIsLeft(form) {
  if (form.querySelector('input[type=password]')) return
  const fields = [...new FormData(form)].filter(([, value]) => typeof value === 'string')
  const body = new URLSearchParams([...fields, ['_keep', 'leaving']])
  fetch(form.getAttribute('action') || location.href, { method: 'POST', body, keepalive: true }).catch(() => {})
}

function leave(go) {
  away = true
  go()
}

export function watchSession() {
  for (const kind of ['input', 'change']) {
    document.addEventListener(kind, ({ target }) => {
      const form = target.form
      if (form?.method !== 'post' || !form.closest('main')) return
      touched = form
      sent = false
    })
  }
  addEventListener('submit', (event) => {
    if (!event.defaultPrevented && event.target === touched) sent = true
  })
  // A form that takes minutes, <form data-leave-asks>, is not left by a key or a link pressed by mistake: the browser
  // asks whether what was typed may go.
  addEventListener('beforeunload', (event) => {
    if (sent || !typedForm()) return
    if ('leaveAsks' in typedForm().dataset) event.preventDefault()
    tellWhatIsLeft(typedForm())
  })
  document.addEventListener('htmx:responseError', ({ detail }) => {
    const signIn = detail.xhr.status === 401 && detail.xhr.getResponseHeader(HEADER)
    if (signIn) sessionEnded(signIn)
  })
  document.addEventListener('oss:session-ended', ({ detail }) => sessionEnded(detail))
  addEventListener('pageshow', () => (away = sent = false))
}
