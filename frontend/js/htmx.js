import htmx from 'htmx.org/dist/htmx.esm.js'
import { announce } from './announce.js'

window.htmx = htmx
Object.assign(htmx.config, {
  allowEval: false, // the content security policy forbids it
  includeIndicatorStyles: false, // so is an inline style
  historyCacheSize: 0, // pages hold personal data: none of it is kept in the browser's storage
  refreshOnHistoryMiss: true,
  responseHandling: [
    { code: '204', swap: false },
    { code: '[23]..', swap: true },
    { code: '422', swap: true }, // a form that came back with its errors
    { code: '[45]..', swap: false, error: true },
  ],
})

document.addEventListener('htmx:configRequest', ({ detail }) => {
  const token = document.querySelector('input[name="csrfmiddlewaretoken"]')?.value
  if (token && detail.verb !== 'get') detail.headers['X-CSRFToken'] = token
})

// A whole page where a part was asked for: the session has ended and this is the sign-in page. Go there.
document.addEventListener('htmx:beforeSwap', (event) => {
  if (!/^\s*<!doctype/i.test(event.detail.xhr.responseText)) return
  event.detail.shouldSwap = false
  location.assign(event.detail.xhr.responseURL || location.href)
})

for (const name of ['htmx:responseError', 'htmx:sendError', 'htmx:timeout']) {
  document.addEventListener(name, () => announce(document.body.dataset.textFailed, { visible: true }))
}

// Progress of a file on its way: `<progress data-progress>` inside the form that sends it.
document.addEventListener('htmx:xhr:progress', ({ target, detail }) => {
  const bar = target.querySelector('[data-progress]')
  if (!bar || !detail.lengthComputable) return
  bar.hidden = false
  bar.max = detail.total
  bar.value = detail.loaded
})
