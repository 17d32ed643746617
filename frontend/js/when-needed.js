// A citizen's first page goes without htmx and without the upload client: each is fetched only where a page asks for it.
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
