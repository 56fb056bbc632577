namespace Platform.Worker.Inference.Codec;

/// <summary>true and false, and the 1 and 0 that numeric clients send for them.</summary>
internal readonly struct BoolElement : IElement<byte>
{
    public static string Expected => "true or false";

    public static bool TryRead(ReadOnlySpan<byte> text, ref int position, out byte value)
    {
        var rest = text[position..];
        (value, var length) = rest switch
        {
            _ when rest.StartsWith("true"u8) => ((byte)1, 4),
            _ when rest.StartsWith("false"u8) => ((byte)0, 5),
            [(byte)'0' or (byte)'1', ..] => ((byte)(rest[0] - '0'), 1),
            _ => ((byte)0, 0),
        };
        position += length;
        return length > 0;
    }
}
