import { Upload } from 'tus-js-client'

// Files are sent the moment they are chosen, in parts, and go on where a broken line stopped (tus 1.0). The component
// upload.html; without scripts its field is sent with the form. When a file has arrived, its card takes the place of
// the progress, and the event `oss:uploaded` goes up from the component, for parts of the page that show it too.
const PART = 4 * 1024 * 1024
const PAUSES = [0, 1000, 3000, 5000, 10_000, 20_000]
const NO_FILE = '00000000-0000-0000-0000-000000000000'

export function uploads(place) {
  if (place.dataset.alive) return
  place.dataset.alive = 'yes'
  const field = place.querySelector('input[type="file"]')
  const list = place.querySelector('[data-upload-list]')
  field.addEventListener('change', () => {
    const files = [...field.files]
    field.value = '' // it is on its way already, and must not be sent again with the form
    for (const file of files) send(place, list, file)
  })
}

function send(place, list, file) {
  const row = place.querySelector('template').content.firstElementChild.cloneNode(true)
  const part = (name) => row.querySelector(`[data-upload-${name}]`)
  const bar = part('progress')
  const stop = part('stop')
  part('name').textContent = file.name
  list.append(row)
  let id = ''

  const upload = new Upload(file, {
    endpoint: place.dataset.upload,
    chunkSize: PART,
    retryDelays: PAUSES,
    removeFingerprintOnSuccess: true,
    metadata: { filename: file.name, owner: place.dataset.owner, purpose: place.dataset.purpose ?? '' },
    headers: { 'X-CSRFToken': document.querySelector('input[name="csrfmiddlewaretoken"]').value },
    onAfterResponse: (_request, response) => {
      id = response.getHeader('OSS-File') || id
    },
    onShouldRetry: (error) => {
      const status = error.originalResponse?.getStatus() ?? 0
      return status === 0 || status === 409 || status === 423 || status === 460 || status >= 500
    },
    onProgress: (sent, total) => {
      bar.max = total
      bar.value = sent
      part('text').textContent = `${Math.floor((sent / total) * 100)} %`
    },
    onError: (error) => fail(error.originalResponse),
    onSuccess: arrive,
  })

  stop.addEventListener('click', async () => {
    await upload.abort(true).catch(() => {})
    row.remove()
    place.querySelector('input[type="file"]').focus()
  })

  function fail(response) {
    const status = response?.getStatus() ?? 0
    const said = response?.getHeader('Content-Type')?.startsWith('text/plain') ? response.getBody().trim() : ''
    row.classList.add('oss-file--failed')
    bar.hidden = true
    part('text').textContent = said || (status === 403 || status === 404 ? place.dataset.textEnded : place.dataset.textBroken)
    part('text').setAttribute('role', 'alert')
  }

  async function arrive() {
    const answer = await fetch(place.dataset.card.replace(NO_FILE, id), { headers: { 'HX-Request': 'true' } })
    if (answer.ok && !answer.redirected) {
      const holder = document.createElement('template')
      holder.innerHTML = (await answer.text()).trim()
      const card = holder.content.firstElementChild
      row.replaceWith(card)
      window.htmx?.process(card)
    } else {
      bar.hidden = true
      stop.hidden = true
      part('text').textContent = place.dataset.textArrived
    }
    place.dispatchEvent(new CustomEvent('oss:uploaded', { bubbles: true, detail: { file: id } }))
  }

  upload.findPreviousUploads().then((earlier) => {
    if (earlier.length) upload.resumeFromPreviousUpload(earlier[0])
    upload.start()
  })
}
