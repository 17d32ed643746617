import { announce } from './announce.js'
import { pdfOf } from './photographs.js'

// The camera in the page: page after page is photographed without leaving it, and all go as one PDF. The telephone's
// own camera, a webcam and the document camera of a counter alike. Browsers give the camera to https (and to the own
// machine) alone; elsewhere the button stays away and files are chosen as before.
const WANTED = { audio: false, video: { facingMode: 'environment', width: { ideal: 3840 }, height: { ideal: 2160 } } }
// An A4 page at 300 dpi; more makes the file larger and reads no better.
const LONGEST_SIDE = 3508
const QUALITY = 0.85
const PREVIEW_PIXELS = 120

export function camera(place, sendAll) {
  const holder = place.querySelector('[data-upload-photograph]')
  if (!holder || !navigator.mediaDevices?.getUserMedia) return
  holder.hidden = false
  holder.querySelector('button').addEventListener('click', () => open(place, sendAll))
}

async function open(place, sendAll) {
  let stream
  try {
    stream = await navigator.mediaDevices.getUserMedia(WANTED)
  } catch {
    announce(place.dataset.textCamera, { visible: true }) // none there, or its use was not allowed
    return
  }
  const dialog = place.querySelector('template[data-camera]').content.firstElementChild.cloneNode(true)
  const part = (name) => dialog.querySelector(`[data-camera-${name}]`)
  const video = part('video')
  const taken = []
  document.body.append(dialog)
  video.srcObject = stream
  dialog.addEventListener('close', () => {
    for (const track of stream.getTracks()) track.stop()
    dialog.remove()
    place.querySelector('[data-upload-photograph] button').focus()
  })
  dialog.addEventListener('cancel', (event) => {
    if (taken.length && !confirm(part('stop').dataset.confirm)) event.preventDefault()
  })

  const show = () => {
    part('send').hidden = !taken.length
    part('send').querySelector('span').textContent = taken.length
    part('pages').replaceChildren(...taken.map(row))
    part('said').textContent = part('said').dataset.taken.replace('#', taken.length)
  }
  const row = (page, index) => {
    const item = part('page').content.firstElementChild.cloneNode(true)
    item.prepend(page.preview)
    for (const number of item.querySelectorAll('[data-number]')) number.textContent = index + 1
    item.querySelector('button').addEventListener('click', () => {
      taken.splice(taken.indexOf(page), 1)
      show()
      part('take').focus()
    })
    return item
  }

  part('take').addEventListener('click', async () => {
    part('take').disabled = true
    try {
      taken.push(await photograph(video, stream))
      show()
    } finally {
      part('take').disabled = false
      part('take').focus()
    }
  })
  part('send').addEventListener('click', async () => {
    part('send').disabled = true
    const moment = new Date(Date.now() - new Date().getTimezoneOffset() * 60_000).toISOString().slice(0, 19)
    const name = `${place.dataset.textPhotographed}-${moment.replace(/\D/g, '-')}.pdf`
    const file = new File([await pdfOf(taken)], name, { type: 'application/pdf' })
    dialog.close()
    sendAll([file])
  })
  part('stop').addEventListener('click', () => {
    if (!taken.length || confirm(part('stop').dataset.confirm)) dialog.close()
  })
  dialog.showModal()
  part('take').focus()
}

// One page: {blob, width, height, preview}. As fine as the camera can, upright, without what it notes of place and time.
async function photograph(video, stream) {
  const picture = await finest(video, stream)
  const scale = Math.min(1, LONGEST_SIDE / Math.max(picture.width, picture.height))
  const canvas = drawn(picture, scale)
  const blob = await new Promise((resolve) => canvas.toBlob(resolve, 'image/jpeg', QUALITY))
  const preview = drawn(canvas, PREVIEW_PIXELS / Math.max(canvas.width, canvas.height))
  return { blob, width: canvas.width, height: canvas.height, preview }
}

async function finest(video, stream) {
  try {
    return await createImageBitmap(await new ImageCapture(stream.getVideoTracks()[0]).takePhoto())
  } catch {
    // not every browser and camera takes stills: the picture that is seen
    return await createImageBitmap(video)
  }
}

function drawn(picture, scale) {
  const canvas = document.createElement('canvas')
  canvas.width = Math.max(1, Math.round(picture.width * scale))
  canvas.height = Math.max(1, Math.round(picture.height * scale))
  canvas.getContext('2d').drawImage(picture, 0, 0, canvas.width, canvas.height)
  return canvas
}
