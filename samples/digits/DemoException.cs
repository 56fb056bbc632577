namespace Platform.Digits;

/// <summary>The demo cannot go on; the message says why and what to do, for the person who started it.</summary>
internal sealed class DemoException(string message, Exception? inner = null) : Exception(message, inner);
