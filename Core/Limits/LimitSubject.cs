namespace Platform.Core.Limits;

/// <summary>Whom a limit holds: a caller or a model, as one text.</summary>
public static class LimitSubject
{
    private const string KeyHead = "keys/";
    private const string ModelHead = "models/";

    /// <param name="id">A key's id, <c>admin</c>, or <c>jwt:</c> and a token's subject.</param>
    public static string OfCaller(string id) => KeyHead + id;

    public static string OfModel(string model) => ModelHead + model;

    /// <summary>The caller's id, or null if the subject is a model.</summary>
    public static string? CallerOf(string subject) => subject.StartsWith(KeyHead, StringComparison.Ordinal) ? subject[KeyHead.Length..] : null;

    /// <summary>The model, or null if the subject is a caller.</summary>
    public static string? ModelOf(string subject) => subject.StartsWith(ModelHead, StringComparison.Ordinal) ? subject[ModelHead.Length..] : null;
}

/// <summary>A limit with whom it holds.</summary>
public sealed record SubjectLimits(string Subject, LimitPolicy Policy);
