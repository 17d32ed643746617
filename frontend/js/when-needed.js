// A citizen's first page goes without htmx, without the upload client and without the check of forms: each is fetched
// only where a page asks for it.
const address = (name) => document.querySelector(`meta[name="${name}"]`)?.content

// htmx starts itself only when it arrives before DOMContentLoaded or after `load`; in between it would wait for ever.
// Staff pages bring it along.
export function fetchHtmxWhenNeeded() {
  if (window.htmx || !document.querySelector('[hx-get], [hx-post], [data-upload]')) return
  const start = () => import(address('htmx'))
  if (document.readyState === 'complete') start()
  else addEventListener('load', start, { once: true })
}

export async function fetchUploadWhenNeeded(scope) {
  const places = [...scope.querySelectorAll('[data-upload]')]
  if (scope.matches?.('[data-upload]')) places.push(scope)
  if (!places.length) return
  const { uploads } = await import(address('upload'))
  places.forEach(uploads)
}

export async function fetchAnswersWhenNeeded(scope, bringToLife) {
  const holders = [...scope.querySelectorAll('[data-rules]')]
  if (!holders.length) return
  try {
    const { check } = await import(address('answers'))
    for (const holder of holders) check(holder, bringToLife)
  } catch (problem) {
    // Without the check nobody decides what is asked: ask everything, as without scripts. The server judges.
    for (const part of scope.querySelectorAll('.oss-asked--hidden')) part.classList.remove('oss-asked--hidden')
    throw problem
  }
}
