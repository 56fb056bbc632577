namespace Platform.Digits;

/// <summary>MNIST's test images, 28×28 grey values each, and the digits that they show.</summary>
internal sealed class LabelledImages(byte[] pixels, byte[] labels)
{
    public const int Side = 28;

    public const string ImagesFile = "test-images-idx3-ubyte.gz";

    private const int PixelsEach = Side * Side;

    public int Count => labels.Length;

    public byte Label(int image) => labels[image];

    /// <summary>The grey values of <paramref name="count"/> images from <paramref name="first"/> on, row by row.</summary>
    public ReadOnlySpan<byte> Pixels(int first, int count) => pixels.AsSpan(first * PixelsEach, count * PixelsEach);

    /// <exception cref="DemoException">A file is absent or damaged, or the two do not belong together.</exception>
    public static LabelledImages Load(string folder)
    {
        var images = Idx.Read(Path.Combine(folder, ImagesFile));
        var labels = Idx.Read(Path.Combine(folder, "test-labels-idx1-ubyte.gz"));
        return images.Sizes is [var count, Side, Side] && labels.Sizes is [var labelled] && count == labelled
            ? new(images.Data, labels.Data)
            : throw new DemoException($"The images in {folder} do not match their labels.");
    }
}
