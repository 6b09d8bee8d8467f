package dev.spanstream.samples.batch

/** A line of the file. */
internal class Product(val id: Int, val picture: ByteArray?)

/** A product as it is stored. */
internal class Article(val id: Int, val pictureHash: String)

/** A product that cannot be imported. */
internal class MissingPicture(product: Product) : Exception("product ${product.id} has no picture")
