using System.Text;
using CsCheck;
using Platform.SharedState.Artifacts;
using Platform.SharedState.Sealing;
using Platform.Tests;

namespace Platform.SharedState.Tests.Sealing;

public sealed class DataSealTests
{
    private static readonly DateTimeOffset At = new(2026, 3, 1, 12, 0, 0, TimeSpan.Zero);
    private static readonly byte[] Plain = "what nobody may read"u8.ToArray();
    private static readonly SubjectKey Person = new(new string('a', 32), [1, 2, 3, 4, 5, 6, 7, 8], [.. Enumerable.Repeat((byte)9, 32)]);

    private static DataSeal Seal => SealedStores.TestSeal;

    [Fact]
    public void Record_OfAnyLength_OpensAsItWasSealed() => Gen.Byte.Array[0, 300].Sample(plain =>
        Seal.Open("p", "n", Seal.Seal("p", "n", plain, At))!.SequenceEqual(plain)
        && Seal.Open("p", "n", Seal.Seal("p", "n", plain, At, Person), Person)!.SequenceEqual(plain));

    [Fact]
    public void Record_SealedTwice_IsAnotherBoxEachTime() =>
        Assert.NotEqual(Seal.Seal("p", "n", Plain, At), Seal.Seal("p", "n", Plain, At));

    [Fact]
    public void Record_WithAnyByteChanged_DoesNotOpen()
    {
        foreach (var person in (SubjectKey?[])[null, Person])
        {
            var box = Seal.Seal("p", "n", Plain, At, person);
            for (var i = 0; i < box.Length; i++)
            {
                var changed = box.ToArray();
                changed[i] ^= 1;
                Assert.False(Opens(changed, person), $"byte {i}");
            }

            Assert.True(Opens(box, person));
        }
    }

    [Theory]
    [InlineData("p", "other")]
    [InlineData("other", "n")]
    public void Record_UnderAnotherNameOrPurpose_DoesNotOpen(string purpose, string name)
    {
        Assert.Throws<InvalidDataException>(() => Seal.Open(purpose, name, Seal.Seal("p", "n", Plain, At)));
        Assert.Throws<InvalidDataException>(() => Seal.Open(purpose, name, Seal.Seal("p", "n", Plain, At, Person), Person));
    }

    [Fact]
    public void Record_CutOff_DoesNotOpen()
    {
        var box = Seal.Seal("p", "n", Plain, At);
        for (var length = 0; length < box.Length; length++) Assert.Throws<InvalidDataException>(() => Seal.Open("p", "n", box.AsSpan(0, length)));
    }

    [Fact]
    public void Record_OfAPerson_OpensWithThatKeyAlone()
    {
        var box = Seal.Seal("p", "n", Plain, At, Person);

        Assert.Equal(Person.Subject, DataSeal.SubjectOf(box));
        Assert.Null(DataSeal.SubjectOf(Seal.Seal("p", "n", Plain, At)));
        Assert.Null(Seal.Open("p", "n", box));
        Assert.Null(Seal.Open("p", "n", box, Person with { Id = [8, 7, 6, 5, 4, 3, 2, 1] }));
        Assert.Throws<InvalidDataException>(() => Seal.Open("p", "n", box, Person with { Secret = [.. Enumerable.Repeat((byte)8, 32)] }));
    }

    [Fact]
    public void Rotation_KeepsWhatWasSealed_AndFindsItByItsEarlierName()
    {
        const string next = "another-platform-key-of-the-tests-0123456789";
        var rotated = new DataSeal(new ArtifactOptions { PlatformKey = next, RetiredKeys = [SealedStores.PlatformKey] });
        var old = Seal.NameOf("p", "id");

        Assert.Equal([rotated.NameOf("p", "id"), old], rotated.NamesOf("p", "id"));
        Assert.NotEqual(old, rotated.NameOf("p", "id"));
        Assert.Equal(Plain, rotated.Open("p", old, Seal.Seal("p", old, Plain, At)));
        var withoutIt = new DataSeal(new ArtifactOptions { PlatformKey = next });
        Assert.Throws<InvalidDataException>(() => withoutIt.Open("p", old, Seal.Seal("p", old, Plain, At)));
    }

    [Fact]
    public void Name_TellsNothingAndIsAnotherForEachPurpose()
    {
        var name = Seal.NameOf("p", "ann@example.com");

        Assert.Matches("^[0-9a-f]{32}$", name);
        Assert.Equal(name, Seal.NameOf("p", "ann@example.com"));
        Assert.NotEqual(name, Seal.NameOf("q", "ann@example.com"));
        Assert.NotEqual(name, new DataSeal(new ArtifactOptions { PlatformKey = new string('x', 40) }).NameOf("p", "ann@example.com"));
    }

    [Fact]
    public void Age_IsToldByTheFirstBytes()
    {
        Assert.Equal(At, SealedBox.SealedAt(Seal.Seal("p", "n", Plain, At).AsSpan(0, SealedBox.AgeBytes)));
        Assert.Null(SealedBox.SealedAt(Encoding.UTF8.GetBytes("{\"not\":\"sealed\"}")));
        Assert.Null(SealedBox.SealedAt([1, 2]));
    }

    private static bool Opens(byte[] box, SubjectKey? person)
    {
        try
        {
            return Seal.Open("p", "n", box, person) is not null;
        }
        catch (InvalidDataException)
        {
            return false;
        }
    }
}
