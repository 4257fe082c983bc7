using System.Security.Cryptography;
using Vorel.Core.Security;
using Vorel.Core.Security.Envelopes;
using Vorel.Core.Storage;
using Xunit;

namespace Vorel.Testing;

/// <summary>What every key wrapper does, whatever vault is behind it.</summary>
public abstract class KeyWrapperContract
{
    private static readonly CancellationToken s_none = CancellationToken.None;

    /// <summary>The wrapper under test; its vault has no key yet.</summary>
    protected abstract IKeyWrapper Wrapper { get; }

    /// <summary>Makes a new version of the key, which the wrapper knows to be the newest when this returns, and gives its id.</summary>
    protected abstract string AddVersion();

    /// <summary>Switches a version off.</summary>
    protected abstract void Disable(string keyId);

    /// <summary>Takes a version away for good.</summary>
    protected abstract void Delete(string keyId);

    /// <summary>From now on the vault does not answer as it should.</summary>
    protected abstract void Break();

    [Fact]
    public async Task A_wrapped_key_unwraps_to_itself_and_says_what_it_was_wrapped_with()
    {
        var version = AddVersion();
        var key = RandomNumberGenerator.GetBytes(32);

        var wrapped = await Wrapper.Wrap(key, s_none);

        Assert.Equal(version, wrapped.KeyId);
        Assert.Equal(version, await Wrapper.CurrentKeyId(s_none));
        Assert.Equal(256, wrapped.Bytes.Length);
        Assert.Equal(key, await Wrapper.Unwrap(wrapped, s_none));
        Assert.NotEqual(wrapped.Bytes, (await Wrapper.Wrap(key, s_none)).Bytes);
    }

    [Fact]
    public async Task What_an_older_version_wrapped_unwraps_and_the_newest_wraps()
    {
        var first = AddVersion();
        var key = RandomNumberGenerator.GetBytes(32);
        var old = await Wrapper.Wrap(key, s_none);
        var second = AddVersion();

        Assert.Equal((first, second), (old.KeyId, (await Wrapper.Wrap(key, s_none)).KeyId));
        Assert.Equal(key, await Wrapper.Unwrap(old, s_none));
        await Refuses(EnvelopeFault.DoesNotOpen, old with { KeyId = second });
    }

    [Fact]
    public async Task A_version_that_is_gone_is_named()
    {
        var first = AddVersion();
        var wrapped = await Wrapper.Wrap(new byte[32], s_none);
        AddVersion();
        Delete(first);

        Assert.Equal(first, (await Refuses(EnvelopeFault.KeyNotFound, wrapped)).KeyId);
    }

    [Fact]
    public async Task A_version_that_is_switched_off_is_named_and_nothing_is_wrapped_with_it()
    {
        var version = AddVersion();
        var wrapped = await Wrapper.Wrap(new byte[32], s_none);
        Disable(version);

        Assert.Equal(version, (await Refuses(EnvelopeFault.KeyDisabled, wrapped)).KeyId);
        var refused = await Assert.ThrowsAsync<EnvelopeException>(() => Wrapper.Wrap(new byte[32], s_none));
        Assert.Equal((EnvelopeFault.KeyDisabled, version), (refused.Fault, refused.KeyId));
    }

    [Fact]
    public async Task A_wrapped_key_that_was_changed_does_not_unwrap()
    {
        AddVersion();
        var wrapped = await Wrapper.Wrap(RandomNumberGenerator.GetBytes(32), s_none);

        foreach (var place in new[] { 0, 17, 128, 255 })
        {
            var changed = wrapped.Bytes.ToArray();
            changed[place] ^= 4;
            await Refuses(EnvelopeFault.DoesNotOpen, wrapped with { Bytes = changed });
        }

        await Refuses(EnvelopeFault.DoesNotOpen, wrapped with { Bytes = wrapped.Bytes[..^1] });
        await Refuses(EnvelopeFault.DoesNotOpen, wrapped with { Bytes = [.. wrapped.Bytes, 0] });
    }

    [Theory]
    [InlineData("")]
    [InlineData("local")]
    [InlineData("https://evil.vault.azure.net/keys/vorel/00000000000000000000000000000001")]
    [InlineData("https://test.vault.azure.net.evil.example/keys/vorel/00000000000000000000000000000001")]
    [InlineData("http://test.vault.azure.net/keys/vorel/00000000000000000000000000000001")]
    public async Task Another_vault_is_not_called(string keyId)
    {
        AddVersion();
        var wrapped = await Wrapper.Wrap(new byte[32], s_none);
        Break();

        await Refuses(EnvelopeFault.KeyRefused, wrapped with { KeyId = keyId });
    }

    [Fact]
    public async Task A_vault_that_does_not_answer_is_an_outage()
    {
        AddVersion();
        var wrapped = await Wrapper.Wrap(new byte[32], s_none);
        Break();

        await Assert.ThrowsAsync<StoreUnavailableException>(() => Wrapper.Unwrap(wrapped, s_none));
        await Assert.ThrowsAsync<StoreUnavailableException>(() => Wrapper.Wrap(new byte[32], s_none));
    }

    private async Task<EnvelopeException> Refuses(EnvelopeFault fault, WrappedKey wrapped)
    {
        var refused = await Assert.ThrowsAsync<EnvelopeException>(() => Wrapper.Unwrap(wrapped, s_none));
        Assert.Equal(fault, refused.Fault);
        return refused;
    }
}
