namespace Platform.Core.Access;

/// <summary>What a caller may do.</summary>
public enum Role
{
    /// <summary>Inference and feedback only.</summary>
    Inference,

    /// <summary>Reads of the management interface. It may not infer.</summary>
    Viewer,

    /// <summary>Registers, deploys, rolls out; reads and infers too.</summary>
    Operator,

    /// <summary>Approves for production; what an operator may, too.</summary>
    Approver,

    /// <summary>Keys, policies, erasure; what an approver may, too.</summary>
    Admin,
}

/// <summary>What follows from holding a role.</summary>
public static class RoleRules
{
    private static readonly Role[] All = Enum.GetValues<Role>();

    /// <summary>Each role includes those before it, but a viewer may not infer.</summary>
    public static bool Includes(this Role held, Role asked) =>
        held is Role.Viewer ? asked is Role.Viewer : asked <= held;

    /// <summary>Every role that the held ones amount to.</summary>
    public static IReadOnlyList<Role> Expand(IEnumerable<Role> held)
    {
        var roles = held.ToArray();
        return Array.FindAll(All, asked => roles.Any(role => role.Includes(asked)));
    }

    /// <summary>The role of that name as it is written in JSON and tokens; false if there is none.</summary>
    public static bool TryParse(string? name, out Role role)
    {
        foreach (var known in All)
        {
            if (!string.Equals(known.ToName(), name, StringComparison.Ordinal)) continue;
            role = known;
            return true;
        }

        role = default;
        return false;
    }

    public static string ToName(this Role role) => role.ToString().ToLowerInvariant();
}
