// Papers of the tray are dragged to a place of the open dossier: `[data-part]` (with the form that a keyboard uses) to
// `[data-place-code][data-place-paper]`. Dropping fills that form in and sends it, so both ways end the same. Papers and
// places may come into the page at different times, as when a stack has been read.
let held = null

export function tray(scope) {
  scope.querySelectorAll('[data-part]').forEach((part) => {
    if (!document.querySelector('[data-place-paper]')) return
    part.draggable = true
    part.addEventListener('dragstart', (event) => {
      held = part
      event.dataTransfer.setData('text/plain', part.id)
      event.dataTransfer.effectAllowed = 'move'
      part.classList.add('oss-tray--held')
    })
    part.addEventListener('dragend', () => {
      held = null
      part.classList.remove('oss-tray--held')
    })
  })
  scope.querySelectorAll('[data-place-paper]').forEach((place) => {
    place.addEventListener('dragover', (event) => {
      if (!held) return
      event.preventDefault()
      place.classList.add('oss-tray--over')
    })
    place.addEventListener('dragleave', () => place.classList.remove('oss-tray--over'))
    place.addEventListener('drop', (event) => {
      place.classList.remove('oss-tray--over')
      if (!held) return
      event.preventDefault()
      const form = held.querySelector('form')
      form.elements.code.value = place.dataset.placeCode
      form.elements.paper?.remove()
      const paper = document.createElement('input')
      Object.assign(paper, { type: 'hidden', name: 'paper', value: place.dataset.placePaper })
      form.append(paper)
      form.requestSubmit()
    })
  })
}
