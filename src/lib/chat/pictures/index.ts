export { PICTURE_MAGIC_BYTES, pictureTypeOf } from './picture-type.ts'
export { readPictures } from './read.ts'
