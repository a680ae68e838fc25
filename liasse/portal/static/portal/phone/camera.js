// The camera in the page: shows what it sees and gives each picture as a JPEG, as large as the camera makes it.

const MOST_PATIENCE = 1500;
const WISHED = { video: { facingMode: { ideal: "environment" }, width: { ideal: 4032 }, height: { ideal: 3024 } }, audio: false };

export const canShow = () => Boolean(navigator.mediaDevices?.getUserMedia);

export async function opened(video) {
  const stream = await navigator.mediaDevices.getUserMedia(WISHED);
  video.srcObject = stream;
  await video.play();
  const [track] = stream.getVideoTracks();
  return { video, stop: () => stop(video, stream), shoot: () => shot(video, track) };
}

function stop(video, stream) {
  for (const track of stream.getTracks()) track.stop();
  video.srcObject = null;
}

async function shot(video, track) {
  return (await photo(track)) ?? frame(video);
}

// The camera's own photo is sharper than its film; where it is slow or missing, the film's picture is taken.
async function photo(track) {
  if (typeof ImageCapture === "undefined") return null;
  const late = new Promise((resolve) => setTimeout(resolve, MOST_PATIENCE, null));
  const taken = new ImageCapture(track).takePhoto().catch(() => null);
  const found = await Promise.race([taken, late]);
  return found?.size && /^image\/(jpeg|png)$/.test(found.type) ? found : null;
}

function frame(video) {
  const canvas = document.createElement("canvas");
  Object.assign(canvas, { width: video.videoWidth, height: video.videoHeight });
  canvas.getContext("2d").drawImage(video, 0, 0);
  return new Promise((resolve) => canvas.toBlob(resolve, "image/jpeg", 0.92));
}
