// The customer's second window: asks what to show, and says by colour and sound that the money came.
const EVERY = 1500

export function customerWindow() {
  const place = document.querySelector('[data-customer-window]')
  if (!place) return
  const ask = async () => {
    const seen = place.querySelector('[data-seen]')?.dataset.seen ?? ''
    try {
      const answer = await fetch(`${place.dataset.customerWindow}?seen=${encodeURIComponent(seen)}`)
      if (answer.status === 200 && !answer.redirected) {
        place.innerHTML = await answer.text()
        if (place.querySelector('[data-paid]')) chime()
      }
    } catch {
      // The portal is away for a moment: the next question finds it.
    }
    setTimeout(ask, EVERY)
  }
  setTimeout(ask, EVERY)
}

// Two rising notes. Browsers keep silent until somebody has clicked into the window once.
export function chime() {
  const Sound = window.AudioContext
  if (!Sound) return
  const sound = new Sound()
  ;[660, 880].forEach((pitch, number) => {
    const note = sound.createOscillator()
    const loudness = sound.createGain()
    note.frequency.value = pitch
    loudness.gain.setValueAtTime(0.2, sound.currentTime + number * 0.18)
    loudness.gain.exponentialRampToValueAtTime(0.001, sound.currentTime + number * 0.18 + 0.3)
    note.connect(loudness).connect(sound.destination)
    note.start(sound.currentTime + number * 0.18)
    note.stop(sound.currentTime + number * 0.18 + 0.3)
  })
}
