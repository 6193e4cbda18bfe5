#Requires -Modules @{ ModuleName = 'Pester'; ModuleVersion = '5.0' }

BeforeDiscovery {
    $script:noSshNet = -not (Test-Path (Join-Path (Split-Path $env:ATOMPRONET_MODULE) 'Dependencies/AtomProNet.SshNet.dll'))
}

Describe 'Connect-DftCluster' {
    BeforeAll {
        Import-Module $env:ATOMPRONET_MODULE
        $script:before = $env:ATOMPRONET_HOME
        $env:ATOMPRONET_HOME = Join-Path $TestDrive 'home'
        Set-Content (Join-Path $TestDrive 'config') "Host nobody`n  HostName 127.0.0.1`n  Port 9`n  User me`nHost program`n  ProxyCommand nc %h %p"
        $script:config = Join-Path $TestDrive 'config'
        $script:secret = [Security.SecureString]::new()
        'not-to-be-seen'.ToCharArray().ForEach({ $secret.AppendChar($_) })
    }

    AfterAll { $env:ATOMPRONET_HOME = $before }

    It 'has nothing to connect to on this machine' {
        Connect-DftCluster local -ErrorAction SilentlyContinue -ErrorVariable problem
        $problem[0].FullyQualifiedErrorId | Should -BeLike 'ClusterNotRemote*'
        $problem[0].TargetObject | Should -Be 'local'
    }

    It 'takes no secret for the system''s ssh' {
        $null = Register-DftCluster plain nobody -SshConfig $config -Transport OpenSsh
        Connect-DftCluster plain -Passphrase $secret -ErrorAction SilentlyContinue -ErrorVariable problem
        $problem[0].FullyQualifiedErrorId | Should -BeLike 'OpenSshTakesNoSecret*'
    }

    It 'refuses the credential of another user than the one who logs in' -Skip:$noSshNet {
        $null = Register-DftCluster mine nobody -SshConfig $config -Transport SshNet
        $stranger = [pscredential]::new('somebody', $secret)
        { Connect-DftCluster mine -Credential $stranger -ErrorAction Stop } | Should -Throw '*somebody*reached as me*somebody@nobody*' -ErrorId 'CredentialUserDiffers,*'
        { Test-DftCluster mine -Credential $stranger -ErrorAction Stop } | Should -Throw -ErrorId 'CredentialUserDiffers,*'
        # What is said to be done about it is done.
        $null = Register-DftCluster mine -SshHost somebody@nobody -Force
        Connect-DftCluster mine -Credential $stranger -ErrorAction SilentlyContinue -ErrorVariable problem
        $problem[0].FullyQualifiedErrorId | Should -BeLike 'HostConnectionRefused,*'
    }

    It 'goes on after a cluster that is not reached, and repeats no secret' -Skip:$noSshNet {
        $null = Register-DftCluster one nobody -SshConfig $config -Transport SshNet
        $null = Register-DftCluster two program -SshConfig $config -Transport SshNet
        'one', 'two', 'three' | Connect-DftCluster -Credential ([pscredential]::new('me', $secret)) -ErrorAction SilentlyContinue -ErrorVariable problem
        $problem.FullyQualifiedErrorId.ForEach({ "$_".Split(',')[0] }) | Should -Be 'HostConnectionRefused', 'HostOther', 'ClusterNotFound'
        "$($problem | Out-String)" | Should -Not -Match 'not-to-be-seen'
        "$($problem[1])" | Should -Match 'ProxyJump'
    }

    It 'takes a fingerprint in one form alone' {
        { Connect-DftCluster local -HostKeyFingerprint 'MD5:00' } | Should -Throw -ErrorId 'ParameterArgumentValidationError*'
    }

    It 'says what it gives' {
        (Get-Command Connect-DftCluster).OutputType.Name | Should -Be 'AtomProNet.Jobs.Clusters.ClusterConnection'
    }
}

Describe 'Register-DftCluster -Transport' {
    BeforeAll {
        Import-Module $env:ATOMPRONET_MODULE
        $script:before = $env:ATOMPRONET_HOME
        $env:ATOMPRONET_HOME = Join-Path $TestDrive 'home'
    }

    AfterAll { $env:ATOMPRONET_HOME = $before }

    It 'is kept, and changed with -Force' -Skip:$noSshNet {
        (Register-DftCluster there host.example -Transport SshNet).Transport | Should -Be 'SshNet'
        (Get-DftCluster there).Transport | Should -Be 'SshNet'
        (Register-DftCluster there -WallTime 1:00:00 -Force).Transport | Should -Be 'SshNet'
        (Register-DftCluster there -Transport OpenSsh -Force).EffectiveTransport | Should -Be 'OpenSsh'
    }

    It 'has the system''s own choice by default' {
        $cluster = Register-DftCluster free host.example
        $cluster.Transport | Should -BeNullOrEmpty
        $cluster.EffectiveTransport | Should -Be ($IsWindows ? 'SshNet' : 'OpenSsh')
    }

    It 'is refused by name where the module was built without it' -Skip:(-not $noSshNet) {
        { Register-DftCluster there host.example -Transport SshNet } | Should -Throw -ErrorId 'SshNetMissing*'
    }
}
