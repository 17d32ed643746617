import { Upload } from 'tus-js-client'
import { announce } from './announce.js'
import { camera } from './camera.js'

// Files are sent the moment they are chosen, one after the other in the order of choosing, in parts, and go on where a
// broken line stopped (tus 1.0). The component upload.html; without scripts its field is sent with the form. When a file
// has arrived, its card takes the place of the progress (unless the page shows it itself), and the event `oss:uploaded`
// goes up from the component.
const PART = 4 * 1024 * 1024
const PAUSES = [0, 1000, 3000, 5000, 10_000, 20_000]
const NO_FILE = '00000000-0000-0000-0000-000000000000'

export function uploads(place) {
  if (place.dataset.alive) return
  place.dataset.alive = 'yes'
  const field = place.querySelector('input[type="file"]')
  const list = place.querySelector('[data-upload-list]')
  let before = Promise.resolve()
  const sendAll = (files) => {
    for (const file of files) before = send(place, list, file, before)
  }
  const sendChosen = (from) => {
    const files = [...from.files]
    from.value = '' // it is on its way already, and must not be sent again with the form
    sendAll(files)
  }
  field.addEventListener('change', () => sendChosen(field))
  sendChosen(field) // what a quick hand chose while this script was still on its way
  // Where fingers point there is a camera, and it opens at a press.
  const still = place.querySelector('[data-upload-camera]')
  if (still && matchMedia('(pointer: coarse)').matches) {
    still.hidden = false
    const taken = still.querySelector('input')
    taken.addEventListener('change', () => sendChosen(taken))
  }
  camera(place, sendAll)
  // Files may be dropped as well as chosen.
  const carriesFiles = (event) => event.dataTransfer?.types.includes('Files')
  place.addEventListener('dragover', (event) => {
    if (!carriesFiles(event)) return
    event.preventDefault()
    place.classList.add('oss-upload--over')
  })
  place.addEventListener('dragleave', () => place.classList.remove('oss-upload--over'))
  place.addEventListener('drop', (event) => {
    if (!carriesFiles(event)) return
    event.preventDefault()
    place.classList.remove('oss-upload--over')
    const files = [...event.dataTransfer.files]
    sendAll(field.multiple ? files : files.slice(0, 1))
  })
  // The form waits for its files: what leaves the page now would leave them behind.
  field.form?.addEventListener('submit', (event) => {
    if (!list.querySelector('[data-upload-running="yes"]')) return
    event.preventDefault()
    announce(place.dataset.textWait, { visible: true })
  })
}

// Resolves when the file has arrived, was refused or given up, so that the next one may go.
function send(place, list, file, before) {
  const row = place.querySelector('template[data-upload-row]').content.firstElementChild.cloneNode(true)
  const part = (name) => row.querySelector(`[data-upload-${name}]`)
  const bar = part('progress')
  const stop = part('stop')
  part('name').textContent = file.name
  row.dataset.uploadRunning = 'yes'
  list.append(row)
  let id = ''
  let given = false
  let finish
  const finished = new Promise((resolve) => (finish = resolve))

  const upload = new Upload(file, {
    endpoint: place.dataset.upload,
    chunkSize: PART,
    retryDelays: PAUSES,
    removeFingerprintOnSuccess: true,
    // The same file may be sent for two papers; each is an upload of its own.
    fingerprint: async (source) =>
      ['oss', place.dataset.owner, place.dataset.purpose, source.name, source.type, source.size, source.lastModified].join('|'),
    metadata: { filename: file.name, owner: place.dataset.owner, purpose: place.dataset.purpose ?? '' },
    // The server knows an upload of another file by these, and this one then begins anew.
    headers: {
      'X-CSRFToken': document.querySelector('input[name="csrfmiddlewaretoken"]').value,
      'OSS-Length': String(file.size),
      'OSS-Name': encodeURIComponent(file.name),
    },
    onAfterResponse: (_request, response) => {
      id = response.getHeader('OSS-File') || id
    },
    onShouldRetry: (error) => navigator.onLine && passing(status(error.originalResponse)),
    onProgress: (sent, total) => {
      bar.max = total
      bar.value = sent
      say(`${Math.round((100 * sent) / total)} %`)
    },
    onError: (error) => {
      if (!navigator.onLine && status(error.originalResponse) === 0) waitForLine()
      else fail(error.originalResponse)
    },
    onSuccess: arrive,
  })

  stop.addEventListener('click', async () => {
    removeEventListener('online', goOn)
    given = true
    await upload.abort(true).catch(() => {})
    row.remove()
    finish()
    place.querySelector('input[type="file"]').focus()
  })

  function say(text, urgent) {
    part('text').textContent = text
    if (urgent) part('text').setAttribute('role', 'alert')
    else part('text').removeAttribute('role')
  }

  function waitForLine() {
    say(place.dataset.textOffline, true)
    addEventListener('online', goOn, { once: true })
  }

  function goOn() {
    upload.start()
  }

  function fail(response) {
    const code = status(response)
    const signIn = code === 401 && response.getHeader('OSS-Sign-In')
    // Another bundle than the page's own: told by an event.
    if (signIn) document.dispatchEvent(new CustomEvent('oss:session-ended', { detail: signIn }))
    const said = response?.getHeader('Content-Type')?.startsWith('text/plain') ? response.getBody().trim() : ''
    delete row.dataset.uploadRunning
    row.classList.add('oss-file--failed')
    bar.hidden = true
    finish()
    say(said || (passing(code) ? place.dataset.textBroken : place.dataset.textEnded), true)
  }

  async function arrive() {
    finish()
    delete row.dataset.uploadRunning
    announce(`${place.dataset.textArrived} ${file.name}`)
    if (place.dataset.card) await showCard()
    else row.remove()
    place.dispatchEvent(new CustomEvent('oss:uploaded', { bubbles: true, detail: { file: id } }))
  }

  async function showCard() {
    const answer = await fetch(place.dataset.card.replace(NO_FILE, id), { headers: { 'HX-Request': 'true' } }).catch(() => null)
    if (answer?.ok && !answer.redirected) {
      const holder = document.createElement('template')
      holder.innerHTML = (await answer.text()).trim()
      const card = holder.content.firstElementChild
      row.replaceWith(card)
      window.htmx?.process(card)
    } else {
      bar.hidden = true
      stop.hidden = true
      say(place.dataset.textArrived)
    }
  }

  before.then(async () => {
    if (given) return
    const earlier = (await upload.findPreviousUploads()).filter(
      (one) => one.size === file.size && one.metadata?.filename === file.name,
    )
    if (earlier.length) upload.resumeFromPreviousUpload(earlier[0])
    upload.start()
  })
  return finished
}

const status = (response) => response?.getStatus() ?? 0

// What another try may mend: a broken line, a part that came twice or was spoilt, a server that is not well.
const passing = (code) => code === 0 || code === 409 || code === 423 || code === 460 || code >= 500
