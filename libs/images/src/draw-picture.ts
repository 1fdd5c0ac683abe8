/**
 * Paints a drawing of one's own as a JPEG, as if it had been photographed; for demo data and measurements. Drawings of
 * strangers are never painted: an SVG can hold scripts and name other files.
 *
 * @param svg with a size of its own
 */
export async function drawPicture(svg: string): Promise<Buffer> {
  // Loaded by whoever draws: a service that only imports this library keeps its memory.
  const { default: sharp } = await import('sharp');
  return sharp(Buffer.from(svg)).flatten({ background: 'white' }).jpeg({ quality: 85 }).toBuffer();
}
