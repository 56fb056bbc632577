using System.Collections.Immutable;
using Platform.Core.Access;
using Platform.Core.Results;

namespace Platform.Core.Tests.Access;

public sealed class KeyRulesTests
{
    private static readonly DateTimeOffset Now = new(2026, 11, 23, 6, 0, 0, TimeSpan.Zero);
    private static readonly KeyRequest Request = new("ci", ["operator"], [], null);
    private static readonly ApiKey Key = KeyRules.Create("k-1", Request, new("first", "plt_first", Now), "ann", Now);

    public static TheoryData<string, KeyRequest> Invalid => new()
    {
        { "name", Request with { Name = " " } },
        { "name", Request with { Name = new('n', 65) } },
        { "name", Request with { Name = "two\nlines" } },
        { "name", Request with { Name = "Admin" } },
        { "roles", Request with { Roles = [] } },
        { "roles", Request with { Roles = default } },
        { "roles", Request with { Roles = ["operator", "root"] } },
        { "roles", Request with { Roles = ["Operator"] } },
        { "roles", Request with { Roles = ["viewer", null!] } },
        { "models", Request with { Models = ["Not A Name"] } },
        { "models", Request with { Models = ["digits", null!] } },
        { "models", Request with { Models = [.. Enumerable.Range(0, 101).Select(i => $"m{i}")] } },
        { "models", Request with { Roles = ["admin"], Models = ["digits"] } },
        { "expires_at", Request with { ExpiresAt = Now } },
    };

    [Theory]
    [MemberData(nameof(Invalid))]
    public void Request_ThatIsNotValid_IsRefusedByField(string field, KeyRequest request)
    {
        var refusal = KeyRules.Refuse(request, Now);

        Assert.Equal((RefusalReason.Invalid, field), (refusal!.Reason, refusal.Field));
    }

    [Fact]
    public void Request_ThatIsValid_IsNotRefused() =>
        Assert.Null(KeyRules.Refuse(new("my key", ["inference", "viewer"], ["digits"], Now.AddTicks(1)), Now));

    [Theory]
    [InlineData("first", KeyVerdict.Valid)]
    [InlineData("second", KeyVerdict.Unknown)]
    public void Secret_IsValidOnlyIfItIsTheKeys(string sha256, KeyVerdict expected) => Assert.Equal(expected, Key.Judge(sha256, Now));

    [Fact]
    public void Key_EndsAtItsExpiryAndAtItsRevocation()
    {
        var expiring = Key with { ExpiresAt = Now.AddHours(1) };

        Assert.Equal(KeyVerdict.Valid, expiring.Judge("first", Now.AddHours(1).AddTicks(-1)));
        Assert.Equal(KeyVerdict.Expired, expiring.Judge("first", Now.AddHours(1)));
        Assert.Equal(KeyVerdict.Revoked, KeyRules.Revoke(expiring, "ann", Now).Judge("first", Now));
    }

    [Fact]
    public void Revocation_OfARevokedKey_KeepsWhoDidItFirst()
    {
        var revoked = KeyRules.Revoke(Key, "ann", Now);

        Assert.Same(revoked, KeyRules.Revoke(revoked, "bob", Now.AddHours(1)));
        Assert.Equal(("ann", Now, 2L), (revoked.RevokedBy, revoked.RevokedAt, revoked.Revision));
    }

    [Fact]
    public void Rotation_LeavesTheOldSecretGoodUntilTheOverlapEnds()
    {
        var rotated = Rotated(Key, "second", TimeSpan.FromMinutes(5));

        Assert.Equal([KeyVerdict.Valid, KeyVerdict.Valid], Judge(rotated, Now.AddMinutes(5).AddTicks(-1), "first", "second"));
        Assert.Equal([KeyVerdict.Replaced, KeyVerdict.Valid], Judge(rotated, Now.AddMinutes(5), "first", "second"));
    }

    [Fact]
    public void Rotation_WithoutOverlap_EndsTheOldSecretAtOnce() =>
        Assert.Equal([KeyVerdict.Replaced, KeyVerdict.Valid], Judge(Rotated(Key, "second", TimeSpan.Zero), Now, "first", "second"));

    [Fact]
    public void Rotation_DuringAnOverlap_EndsTheOldestSecret()
    {
        var twice = Rotated(Rotated(Key, "second", TimeSpan.FromHours(1)), "third", TimeSpan.FromHours(1));

        Assert.Equal([KeyVerdict.Unknown, KeyVerdict.Valid, KeyVerdict.Valid], Judge(twice, Now, "first", "second", "third"));
    }

    [Fact]
    public void Rotation_OfAKeyThatEndedOrWithABadOverlap_IsRefused()
    {
        Assert.Equal(RefusalReason.Conflict, KeyRules.Rotate(KeyRules.Revoke(Key, "ann", Now), new("s", "p", Now), TimeSpan.Zero, Now).Refusal!.Reason);
        Assert.Equal(RefusalReason.Conflict, KeyRules.Rotate(Key with { ExpiresAt = Now }, new("s", "p", Now), TimeSpan.Zero, Now).Refusal!.Reason);
        Assert.Equal("overlap", KeyRules.Rotate(Key, new("s", "p", Now), TimeSpan.FromTicks(-1), Now).Refusal!.Field);
        Assert.Equal("overlap", KeyRules.Rotate(Key, new("s", "p", Now), TimeSpan.FromDays(31), Now).Refusal!.Field);
    }

    [Theory]
    [InlineData(Role.Inference, "inference")]
    [InlineData(Role.Viewer, "viewer")]
    [InlineData(Role.Operator, "inference viewer operator")]
    [InlineData(Role.Approver, "inference viewer operator approver")]
    [InlineData(Role.Admin, "inference viewer operator approver admin")]
    public void Role_IncludesThoseBeforeIt_ButAViewerMayNotInfer(Role role, string expected) =>
        Assert.Equal(expected, string.Join(' ', RoleRules.Expand([role]).Select(RoleRules.ToName)));

    [Fact]
    public void Roles_AreAddedUp() => Assert.Equal([Role.Inference, Role.Viewer], RoleRules.Expand([Role.Viewer, Role.Inference]));

    private static ApiKey Rotated(ApiKey key, string sha256, TimeSpan overlap)
    {
        Assert.True(KeyRules.Rotate(key, new(sha256, $"plt_{sha256}", Now), overlap, Now).Succeeded(out var rotated, out _));
        return rotated;
    }

    private static ImmutableArray<KeyVerdict> Judge(ApiKey key, DateTimeOffset now, params string[] secrets) =>
        [.. secrets.Select(secret => key.Judge(secret, now))];
}
