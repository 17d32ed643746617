// Photographs of pages as one PDF: each goes in as the JPEG it is, on a page of A4 lying or standing as it does.
const LONG_POINTS = 841.89

// `photographs`: {blob, width, height} each, in order; a Blob of a PDF.
export async function pdfOf(photographs) {
  const bytes = new TextEncoder()
  const parts = []
  const places = []
  let length = 0
  const add = (part) => {
    const said = typeof part === 'string' ? bytes.encode(part) : part
    parts.push(said)
    length += said.length
  }
  const object = (...said) => {
    places.push(length)
    add(`${places.length} 0 obj\n`)
    said.forEach(add)
    add('\nendobj\n')
  }
  add('%PDF-1.4\n')
  add(new Uint8Array([37, 226, 227, 207, 211, 10])) // says to programs between that this is no text
  object('<</Type/Catalog/Pages 2 0 R>>')
  const kids = photographs.map((_one, index) => `${3 + 3 * index} 0 R`).join(' ')
  object(`<</Type/Pages/Count ${photographs.length}/Kids[${kids}]>>`)
  for (const { blob, width, height } of photographs) {
    const scale = LONG_POINTS / Math.max(width, height)
    const [across, up] = [(width * scale).toFixed(2), (height * scale).toFixed(2)]
    const own = places.length + 1
    const draw = `q ${across} 0 0 ${up} 0 0 cm /P Do Q`
    object(
      `<</Type/Page/Parent 2 0 R/MediaBox[0 0 ${across} ${up}]/Contents ${own + 1} 0 R` +
        `/Resources<</XObject<</P ${own + 2} 0 R>>>>>>`,
    )
    object(`<</Length ${draw.length}>>\nstream\n${draw}\nendstream`)
    const jpeg = new Uint8Array(await blob.arrayBuffer())
    object(
      `<</Type/XObject/Subtype/Image/Width ${width}/Height ${height}/ColorSpace/DeviceRGB/BitsPerComponent 8` +
        `/Filter/DCTDecode/Length ${jpeg.length}>>\nstream\n`,
      jpeg,
      '\nendstream',
    )
  }
  const table = length
  add(`xref\n0 ${places.length + 1}\n0000000000 65535 f \n`)
  for (const place of places) add(`${String(place).padStart(10, '0')} 00000 n \n`)
  add(`trailer\n<</Size ${places.length + 1}/Root 1 0 R>>\nstartxref\n${table}\n%%EOF\n`)
  return new Blob(parts, { type: 'application/pdf' })
}
