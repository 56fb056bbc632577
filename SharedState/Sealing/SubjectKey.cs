namespace Platform.SharedState.Sealing;

/// <summary>The data key of one person's records: without it they are noise.</summary>
/// <param name="Subject">The person's name as it is stored, 32 hexadecimal digits.</param>
/// <param name="Id">Tells this key from one that was made after an erasure.</param>
public sealed record SubjectKey(string Subject, byte[] Id, byte[] Secret);
