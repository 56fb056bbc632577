using System.Buffers.Binary;
using Platform.Worker.Tensors;

namespace Platform.Worker.Inference.Codec;

/// <summary>Takes the elements of the innermost arrays of a tensor's data, one array after another.</summary>
internal interface ILeaf
{
    /// <summary>
    /// Reads elements up to and including the bracket that ends the array and gives their number. Those that find no
    /// room are counted and dropped, so that the message can say how many came.
    /// </summary>
    int ReadRun(ref JsonCursor cursor);
}

/// <summary>Numbers and booleans, straight into the tensor's memory.</summary>
internal ref struct NumberLeaf<T, TElement>(Span<T> destination) : ILeaf
    where T : unmanaged
    where TElement : struct, IElement<T>
{
    private Span<T> room = destination;

    public int ReadRun(ref JsonCursor cursor)
    {
        // Copies in registers: through the cursor each byte would be a store and a load.
        var text = cursor.Text;
        var into = room;
        var at = cursor.Position;
        var count = 0;
        JsonCursor.SkipSpace(text, ref at);
        if (at < text.Length && text[at] == ']')
        {
            cursor.Position = at + 1;
            return 0;
        }

        while (true)
        {
            if (!TElement.TryRead(text, ref at, out var value))
            {
                cursor.Position = at;
                cursor.Fail($"element {count} of an array is not {TElement.Expected}");
            }

            if ((uint)count < (uint)into.Length) into[count] = value;
            count++;
            JsonCursor.SkipSpace(text, ref at);
            if ((uint)at >= (uint)text.Length) break;
            if (text[at] == ',')
            {
                at++;
                JsonCursor.SkipSpace(text, ref at);
                continue;
            }

            if (text[at] != ']') break;
            cursor.Position = at + 1;
            room = into[Math.Min(count, into.Length)..];
            return count;
        }

        cursor.Position = at;
        cursor.Fail($"expected ',' or ']' after element {count - 1} of an array");
        return 0;
    }
}

/// <summary>Strings, into the form in which they travel in binary. The buffer must hold the text they are read from.</summary>
internal ref struct BytesLeaf(PinnedBuffer destination) : ILeaf
{
    /// <summary>Bytes written so far.</summary>
    public int Written { get; private set; }

    /// <summary>
    /// Room for any strings in so much text: an element takes two quotes and a comma there and four bytes of length
    /// here.
    /// </summary>
    public static long Room(int textBytes) => BytesElements.PrefixBytes + (2L * textBytes);

    public int ReadRun(ref JsonCursor cursor)
    {
        var count = 0;
        var isFirst = false;
        if (cursor.TryTake((byte)']')) return 0;
        do
        {
            var element = cursor.ReadString("in the data of a BYTES tensor");
            BinaryPrimitives.WriteUInt32LittleEndian(destination.Span[Written..], (uint)element.Length);
            element.CopyTo(destination.Span[(Written + BytesElements.PrefixBytes)..]);
            Written += BytesElements.PrefixBytes + element.Length;
            count++;
        }
        while (cursor.TryReadElement(ref isFirst, "after a string in an array"));
        return count;
    }
}
