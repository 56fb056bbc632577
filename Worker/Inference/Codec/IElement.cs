namespace Platform.Worker.Inference.Codec;

/// <summary>How one element of an array is read from JSON text.</summary>
internal interface IElement<T>
{
    /// <summary>What the element must be, for the message when it is not.</summary>
    static abstract string Expected { get; }

    /// <summary>Reads the element at the position, which has no white space before it.</summary>
    static abstract bool TryRead(ReadOnlySpan<byte> text, ref int position, out T value);
}
