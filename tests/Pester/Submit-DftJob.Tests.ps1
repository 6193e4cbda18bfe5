#Requires -Modules @{ ModuleName = 'Pester'; ModuleVersion = '5.0' }

Describe 'Submit-DftJob' -Skip:$IsWindows {
    $calls = @{
        Cmdlet         = 'Submit-DftJob'
        Prepare        = {
            foreach ($run in 'runs/a', 'runs/b', 'a[1]/run') {
                $null = [IO.Directory]::CreateDirectory("$PWD/$run")
                [IO.File]::WriteAllText("$PWD/$run/job.sh", "echo done >result.txt`n")
            }
        }
        Run            = { param($With) Get-Item runs/a | Submit-DftJob @With }
        ByParameter    = { param($With) Submit-DftJob -LiteralPath runs/a @With }
        ByPropertyName = { param($With) [pscustomobject]@{ FolderPath = 'runs/a' } | Submit-DftJob @With }
        Wildcard       = { param($With) Submit-DftJob runs/* @With }
        Literal        = { param($With) Submit-DftJob -LiteralPath 'a[1]/run' @With }
        Fail           = { param($With) Submit-DftJob -LiteralPath runs, runs/a @With }
        FailId         = 'JobScriptMissing'
    }
    . "$PSScriptRoot/CmdletManners.ps1" @calls

    BeforeAll {
        $script:before = $env:ATOMPRONET_HOME
        $env:ATOMPRONET_HOME = Join-Path $TestDrive 'own'
        Push-Location (New-Item (Join-Path $TestDrive 'work') -ItemType Directory)

        function Add-Run([string[]] $Name, [string] $Text = 'echo done >result.txt') {
            foreach ($one in $Name) {
                $null = New-Item "runs/$one" -ItemType Directory -Force
                Set-Content "runs/$one/job.sh" $Text
                Get-Item "runs/$one"
            }
        }
    }

    AfterAll {
        Get-DftJob -Offline | Where-Object IsFinal -EQ $false | Stop-DftJob -Confirm:$false
        Pop-Location
        $env:ATOMPRONET_HOME = $before
    }

    It 'takes what New-QEInput makes, with its name and code' {
        $null = New-Item pseudo -ItemType Directory
        Set-Content pseudo/Al.UPF '<UPF version="2.0.1"><PP_HEADER element="Al" z_valence="3.0" pseudo_type="NC" functional="PBE"/></UPF>'
        $made = Get-MPStructure Al -Source Bundled | New-QEInput qe -PseudopotentialPath pseudo -EcutWfc 20 -KPointMesh 1, 1, 1 -WarningAction SilentlyContinue
        $made | Should -HaveCount 1
        # Nobody runs pw.x here: it is not sent.
        $null = Register-DftCluster nowhere nowhere.invalid
        $job = $made | Submit-DftJob -Cluster nowhere -ErrorAction SilentlyContinue
        $job.Name, $job.Code, $job.State, $job.FolderPath | Should -Be $made.Name, 'pw.x', 'Planned', $made.FolderPath
    }

    It 'says how many are out and how many wait in the store' {
        $warnings = $null
        $jobs = Add-Run one, two, three 'sleep 60' | Submit-DftJob -MaxQueued 1 -WarningVariable warnings -WarningAction SilentlyContinue
        ($jobs.State | Group-Object -NoElement).Name | Should -Be 'Planned', 'Queued'
        "$warnings" | Should -BeLike '1 is out on local, 2 wait in the store*'
        $jobs | Stop-DftJob -Confirm:$false
    }

    It 'lets one array wait for another' {
        $first = Add-Run m1, m2 'echo minimised >min.txt' | Submit-DftJob
        $second = Add-Run n1, n2 'cat ../../*/*-m1/min.txt ../../*/*-m2/min.txt >both.txt' | Submit-DftJob -DependsOn $first
        $ended = $second | Wait-DftJob -PollInterval 1
        $ended.State | Select-Object -Unique | Should -Be 'Finished'
        $times = Get-DftJob -Id ($first.Id + $second.Id) -Offline
        ($times | Where-Object Name -Like m*).Ended | Measure-Object -Maximum | ForEach-Object Maximum | Should -BeLessOrEqual (($times | Where-Object Name -Like n*).Started | Measure-Object -Minimum).Minimum
    }

    It 'refuses <Why>' -ForEach @(
        @{ Why = 'a number that is none'; Splat = @{ DependsOn = 'first' }; Id = 'JobNumberInvalid' }
        @{ Why = 'a walltime that is none'; Splat = @{ WallTime = 'long' }; Id = 'WallTimeInvalid' }
        @{ Why = 'a cluster that is not there'; Splat = @{ Cluster = 'tpyo' }; Id = 'ClusterNotFound' }
        @{ Why = 'a job to wait for that is not there'; Splat = @{ DependsOn = 4711 }; Id = 'JobNotFound' }
    ) {
        { Add-Run refused | Submit-DftJob @Splat -ErrorAction Stop } | Should -Throw -ErrorId "$Id,*"
        Get-DftJob -Name refused -Offline | Should -BeNullOrEmpty
    }

    It 'runs several one after the other in one allocation, each with a state of its own' {
        $jobs = @(Add-Run b1, b3) + @(Add-Run b2 'exit 3') | Submit-DftJob -Bundle 3
        $jobs.SchedulerId | Select-Object -Unique | Should -HaveCount 1
        $ended = $jobs | Wait-DftJob -PollInterval 1 | Sort-Object Name
        $ended.State | Should -Be 'Finished', 'Failed', 'Finished'
        $ended.ExitCode | Should -Be 0, 3, 0
    }

    It 'is stopped in the middle of sending, and the same call afterwards carries on' {
        $null = Add-Run s1, s2 "echo ran >>'$PWD/ran'"
        $tar = (Get-Command tar -CommandType Application)[0].Source
        $null = New-Item bin -ItemType Directory
        Set-Content bin/tar "#!/bin/sh`necho >'$PWD/sign'`nwhile [ ! -e '$PWD/go' ]; do sleep .1; done`n$tar `"`$@`"`ncode=`$?`necho >'$PWD/over'`nexit `$code"
        & chmod +x bin/tar
        $path = $env:PATH
        $shell = [powershell]::Create()
        try {
            $env:PATH = "$PWD/bin:$path"
            $null = $shell.AddScript("Import-Module '$env:ATOMPRONET_MODULE'; Set-Location '$PWD'; Submit-DftJob runs/s?")
            $running = $shell.BeginInvoke()
            while (-not (Test-Path sign) -and -not $running.IsCompleted) { Start-Sleep -Milliseconds 50 }
            $running.IsCompleted | Should -BeFalse
            # Nothing has been let go on; it ends all the same.
            $shell.Stop()
            $shell.InvocationStateInfo.State | Should -Be 'Stopped'
            (Get-DftJob -Name s? -Offline).State | Select-Object -Unique | Should -BeIn 'Planned', 'Uploading'
            Set-Content go ''
            # What the stopped call had started over there may still come to its end, unless it was ended, too.
            $limit = [datetime]::UtcNow.AddSeconds(2)
            while (-not (Test-Path over) -and [datetime]::UtcNow -lt $limit) { Start-Sleep -Milliseconds 50 }
            $ended = Submit-DftJob runs/s? -WarningAction SilentlyContinue | Wait-DftJob -PollInterval 1
            $ended.State | Should -Be 'Finished', 'Finished'
            Get-Content ran | Should -HaveCount 2
        }
        finally {
            Set-Content go ''
            $env:PATH = $path
            $shell.Dispose()
        }
    }
}
