import htmx from 'htmx.org/dist/htmx.esm.js'
import { announce } from './announce.js'

// Its settings stand in <meta name="htmx-config"> of templates/base/page.html: htmx may start before the next line.
window.htmx = htmx

document.addEventListener('htmx:configRequest', ({ detail }) => {
  const token = document.querySelector('input[name="csrfmiddlewaretoken"]')?.value
  if (token && detail.verb !== 'get') detail.headers['X-CSRFToken'] = token
})

// A whole page where a part was asked for: the session has ended and this is the sign-in page. Go there.
document.addEventListener('htmx:beforeSwap', (event) => {
  if (event.detail.isError || !/^\s*<!doctype/i.test(event.detail.xhr.responseText)) return
  event.detail.shouldSwap = false
  location.assign(event.detail.xhr.responseURL || location.href)
})

for (const name of ['htmx:responseError', 'htmx:sendError', 'htmx:timeout']) {
  document.addEventListener(name, ({ detail }) => {
    if (detail.xhr?.status !== 401) announce(document.body.dataset.textFailed, { visible: true }) // see session-ended.js
  })
}

// Progress of a file on its way: `<progress data-progress>` inside the form that sends it.
document.addEventListener('htmx:xhr:progress', ({ target, detail }) => {
  const bar = target.querySelector('[data-progress]')
  if (!bar || !detail.lengthComputable) return
  bar.hidden = false
  bar.max = detail.total
  bar.value = detail.loaded
})
