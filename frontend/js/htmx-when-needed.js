// A citizen's first page goes without htmx: it is fetched only where a page asks for it with an hx- attribute.
// htmx starts itself only when it arrives before DOMContentLoaded or after `load`; in between it would wait for ever.
export function fetchHtmxWhenNeeded() {
  const address = document.querySelector('meta[name="htmx"]')?.content
  if (!address || !document.querySelector('[hx-get], [hx-post]')) return
  const start = () => import(address)
  if (document.readyState === 'complete') start()
  else addEventListener('load', start, { once: true })
}
