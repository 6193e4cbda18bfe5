#Requires -Modules @{ ModuleName = 'Pester'; ModuleVersion = '5.0' }

BeforeAll {
    $script:manifest = $env:ATOMPRONET_MODULE
    $script:folder = Split-Path $manifest
    Import-Module $manifest -Force -ErrorAction Stop

    # What a fresh process says; the process of the tests has loaded too much.
    function Invoke-Fresh([string] $Script) {
        $text = "`$env:NO_COLOR = '1'; `$ErrorActionPreference = 'Stop'`n$Script"
        & (Get-Process -Id $PID).Path -NoProfile -NonInteractive -EncodedCommand ([Convert]::ToBase64String([Text.Encoding]::Unicode.GetBytes($text))) 2>&1
    }
}

Describe 'The module' {
    It 'has a valid manifest for PowerShell 7.4 and later' {
        $information = Test-ModuleManifest $manifest
        $information.PowerShellVersion | Should -BeGreaterOrEqual '7.4'
        $information.CompatiblePSEditions | Should -Be 'Core'
        $information.Version | Should -BeGreaterThan '0.0.0'
    }

    It 'exports the cmdlets of the manifest, all of them and nothing else' {
        $expected = (Import-PowerShellDataFile $manifest).CmdletsToExport | Sort-Object
        $module = Get-Module AtomProNet.PS
        ($module.ExportedCommands.Keys | Sort-Object) | Should -Be $expected
        $module.ExportedCmdlets.Count | Should -Be $expected.Count
    }

    It 'uses approved verbs and singular nouns' {
        $verbs = (Get-Verb).Verb
        foreach ($command in Get-Command -Module AtomProNet.PS) {
            $command.Verb | Should -BeIn $verbs
            $command.Noun -replace 'Series$' | Should -Not -Match '[^s]s$' -Because 'a noun is singular'
        }
    }

    It 'takes no name that PowerShell has' {
        $own = (Get-Command -Module AtomProNet.PS).Name
        foreach ($name in $own) {
            @(Get-Command $name -All).Source | Should -Be 'AtomProNet.PS'
        }
    }

    It 'says what each cmdlet writes' {
        foreach ($command in Get-Command -Module AtomProNet.PS) {
            $command.OutputType.Count | Should -BeGreaterThan 0 -Because "$($command.Name) needs an OutputType"
        }
    }

    It 'is imported in silence' {
        Invoke-Fresh "Import-Module '$manifest' -WarningAction Continue" | Should -BeNullOrEmpty
    }

    It 'can be removed and imported again' {
        Invoke-Fresh "Import-Module '$manifest'; Remove-Module AtomProNet.PS; Import-Module '$manifest'; [AtomProNet.Structures.Element]::FromNumber(13).Symbol" | Should -Be 'Al'
    }

    It 'works in parallel runspaces' {
        $symbols = 1..8 | ForEach-Object -Parallel { Import-Module $using:manifest; [AtomProNet.Structures.Element]::FromNumber($_).Symbol } -ThrottleLimit 4
        ($symbols | Sort-Object) -join ' ' | Should -Be 'B Be C H He Li N O'
    }

    It 'holds no copy of PowerShell' {
        Get-ChildItem $folder -Recurse -Filter 'System.Management.Automation*' | Should -BeNullOrEmpty
        Get-ChildItem $folder -Recurse -Filter 'AtomProNet.Cli*' | Should -BeNullOrEmpty
    }

    It 'brings its licence and the notices of others' {
        Join-Path $folder 'LICENSE' | Should -Exist
        $notices = Get-Content (Join-Path $folder 'THIRD-PARTY-NOTICES.txt') -Raw
        foreach ($file in Get-ChildItem (Join-Path $folder 'Dependencies') -Filter '*.dll' | Where-Object Name -notlike 'AtomProNet*') {
            $notices | Should -Match ([regex]::Escape(($file.BaseName -split '\.')[0]))
        }
    }

    It 'lies beside a changelog with this version' {
        $version = (Import-PowerShellDataFile $manifest).ModuleVersion
        Get-Content (Join-Path $folder 'CHANGELOG.md') -Raw | Should -Match ([regex]::Escape($version))
    }
}

Describe 'Scripts' {
    It 'are clean' -Skip:(-not (Get-Module PSScriptAnalyzer -ListAvailable)) {
        $scripts = Get-ChildItem "$PSScriptRoot/../.." -Recurse -Include *.ps1, *.psd1, *.psm1 | Where-Object FullName -NotMatch '[\\/](bin|obj|out)[\\/]'
        $scripts.Count | Should -BeGreaterThan 3
        $scripts | ForEach-Object { Invoke-ScriptAnalyzer -Path $_.FullName } | ForEach-Object { "$($_.ScriptName), line $($_.Line): $($_.Message)" } | Should -BeNullOrEmpty
    }
}

Describe 'Isolation' {
    It 'keeps the library and what it needs out of the default context' {
        $loaded = Invoke-Fresh @"
Import-Module '$manifest'
`$null = [AtomProNet.Structures.Element]::FromNumber(1)
[Runtime.Loader.AssemblyLoadContext]::Default.Assemblies.ForEach({ `$_.GetName().Name })
"@
        $loaded | Should -Contain 'AtomProNet.PS'
        foreach ($file in Get-ChildItem (Join-Path $folder 'Dependencies') -Filter '*.dll') {
            $loaded | Should -Not -Contain $file.BaseName
        }
    }

    It 'answers in the default context for the library alone' {
        $names = (Get-ChildItem (Join-Path $folder 'Dependencies') -Filter '*.dll' | Where-Object BaseName -ne 'AtomProNet').BaseName
        Invoke-Fresh @"
Import-Module '$manifest'
foreach (`$name in '$($names -join "','")') {
    try { `$null = [Reflection.Assembly]::Load(`$name); `$name } catch [IO.FileNotFoundException] { }
}
"@ | Should -BeNullOrEmpty
    }

    It 'gives scripts the types of the library by their full names' {
        [AtomProNet.Structures.Structure].Assembly.GetName().Name | Should -Be 'AtomProNet'
        [Runtime.Loader.AssemblyLoadContext]::GetLoadContext([AtomProNet.Structures.Structure].Assembly).Name | Should -Be 'AtomProNet'
    }
}
