namespace Platform.Api.Access;

/// <summary>What a key may do. Each is a policy of the same name.</summary>
internal static class Roles
{
    /// <summary>Inference and feedback only.</summary>
    public const string Inference = "inference";

    /// <summary>Reads of the management interface.</summary>
    public const string Viewer = "viewer";

    /// <summary>Registers, deploys, rolls out; reads too.</summary>
    public const string Operator = "operator";

    /// <summary>Approves for production; what an operator may, too.</summary>
    public const string Approver = "approver";

    /// <summary>Everything.</summary>
    public const string Admin = "admin";

    public static readonly string[] All = [Inference, Viewer, Operator, Approver, Admin];
}
